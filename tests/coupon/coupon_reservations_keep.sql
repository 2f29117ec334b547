begin;
select plan(8);

select has_function('coupon', '_coupon_reservations_keep', array[]::text[]);
select function_returns('coupon', '_coupon_reservations_keep', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_reservations_keep', array[]::text[]);
select trigger_is('coupon', 'coupon_reservations', 'coupon_reservations_keep', 'coupon', '_coupon_reservations_keep', 'on delete');
select trigger_is('coupon', 'coupon_reservations', 'coupon_reservations_keep_all', 'coupon', '_keep_rows', 'on truncate');

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
select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) from c where c.user_id < 3;
select throws_ok('delete from coupon.coupon_reservations where order_id = ''o-1''', 'MC026', null, 'an open one');
select throws_ok('truncate coupon.coupon_reservations', 'MC080', 'truncate on coupon.coupon_reservations is refused', 'all of them');
select coupon.cancel_reservation(s.reservation_id, null) from coupon.coupon_reservations as s where s.order_id = 'o-1';
select lives_ok('delete from coupon.coupon_reservations where order_id = ''o-1''', 'a closed one');

select * from finish();
rollback;
