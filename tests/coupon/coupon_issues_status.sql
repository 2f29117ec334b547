begin;
select plan(25);

select has_function('coupon', '_coupon_issues_status', array[]::text[]);
select function_returns('coupon', '_coupon_issues_status', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_issues_status', array[]::text[]);
select trigger_is('coupon', 'coupon_issues', 'trigger_update_coupon_issues', 'coupon', '_coupon_issues_status', 'on update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_count,
  max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'a thousand', 'T-AMOUNT', 'FIXED_AMOUNT', 1000, 5000, null, 'DIRECT', 100, 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'a tenth', 'T-TENTH', 'PERCENTAGE', 10, 0, 3000, 'DIRECT', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u as user_id, i.coupon_id as id, i.coupon_number as number
from generate_series(1, 9) as u cross join lateral coupon.issue_coupon(900001, u) as i;
select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) from c where c.user_id in (2, 3);
select coupon.confirm_reservation(s.reservation_id) from coupon.coupon_reservations as s where s.order_id = 'o-3';
select coupon.cancel_coupon(c.number, null) from c where c.user_id = 4;
prepare put(bigint, text) as update coupon.coupon_issues as i set status = $2 from c where c.id = i.id and c.user_id = $1;
prepare clear(bigint, text) as
update coupon.coupon_issues as i
set status = $2, used_at = null, reserved_at = null, order_id = null, reservation_id = null
from c where c.id = i.id and c.user_id = $1;

select throws_ok('execute clear(3, ''ISSUED'')', 'MC024', null, 'used, and its order still counts: not given back');
select throws_ok('execute put(3, ''ISSUED'')', 'MC024', null, 'nor with the columns left as they are');
select throws_ok('execute put(3, ''RESERVED'')', 'MP050', 'coupon.coupon_issues: "USED" does not become "RESERVED"', 'nor held again');
select throws_ok('execute clear(3, ''CANCELLED'')', 'MP050', null, 'nor cancelled');
select throws_ok('execute clear(2, ''ISSUED'')', 'MC024', null, 'held: not released past its reservation');
select throws_ok('execute put(2, ''USED'')', 'MC024', null, 'nor used without payment');
select throws_ok('execute clear(2, ''CANCELLED'')', 'MP050', null, 'nor cancelled');
select throws_ok('execute put(1, ''USED'')', 'MC024', null, 'free: not used without an order');
select throws_ok('execute put(1, ''RESERVED'')', 'MC024', null, 'nor held by nobody');
select throws_ok('execute put(4, ''ISSUED'')', 'MP050', null, 'cancelled is cancelled');
select throws_ok('update coupon.coupon_issues as i set used_at = platform.now() from c where c.id = i.id and c.user_id = 1', 'MC024', null, 'used_at of a free one');
select throws_ok('update coupon.coupon_issues as i set used_at = null from c where c.id = i.id and c.user_id = 3', 'MC024', null, 'used_at of a used one');
select throws_ok('update coupon.coupon_issues as i set order_id = ''x'' from c where c.id = i.id and c.user_id = 3', 'MC024', null, 'another order');
select throws_ok('update coupon.coupon_issues as i set user_id = 1 from c where c.id = i.id and c.user_id = 2', 'MC024', null, 'another user of a held one');
select throws_ok('update coupon.coupon_issues as i set user_id = 1 from c where c.id = i.id and c.user_id = 4', 'MC024', null, 'nor of a cancelled one, which would come back to the stock once more');
select throws_ok('update coupon.coupon_issues as i set policy_id = 900002 from c where c.id = i.id and c.user_id = 1', 'MC024', null, 'another policy');
select throws_ok('update coupon.coupon_issues as i set coupon_number = ''x'' from c where c.id = i.id and c.user_id = 1', 'MC024', null, 'another number');
set local moadb.now = '2026-10-15 12:10+00';
select lives_ok('execute put(1, ''EXPIRED'')', 'what is allowed is');
select is((select i.updated_at from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = 1), timestamptz '2026-10-15 12:10+00', 'and moves updated_at');
select is(
  (select count(*) from coupon.coupon_issue_audit as a join c on c.id = a.coupon_id where c.user_id = 1 and a.details ->> 'new_status' = 'EXPIRED'),
  1::bigint, 'and is recorded'
);
select is(
  (select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'after all this everything is as it should be'
);

select * from finish();
rollback;
