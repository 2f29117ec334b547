begin;
select plan(12);

select has_function('coupon', '_confirm_reservation', array['text']);
select function_returns('coupon', '_confirm_reservation', array['text'], 'coupon.redeemed_coupon');
select volatility_is('coupon', '_confirm_reservation', array['text'], 'volatile');
select isnt_definer('coupon', '_confirm_reservation', array['text']);
select ok(not has_function_privilege('coupon_app', 'coupon._confirm_reservation(text)', 'execute'), 'applications may not call it');

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

create temporary table r as
select c.user_id, c.number, r.* from c cross join lateral coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) as r where c.user_id < 5;
prepare confirm(bigint) as
select x.coupon_id, x.coupon_number::text, x.order_id::text, x.discount_amount, x.used_at
from r cross join lateral coupon._confirm_reservation(r.reservation_id) as x where r.user_id = $1;

select results_eq(
  'execute confirm(1)', $$select r.coupon_id, r.number::text, 'o-1', 1000.00, timestamptz '2026-10-15 12:00+00' from r where r.user_id = 1$$, 'a hold that lasts'
);
select results_eq(
  'execute confirm(1)', $$select r.coupon_id, r.number::text, 'o-1', 1000.00, timestamptz '2026-10-15 12:00+00' from r where r.user_id = 1$$, 'one that is paid'
);
select coupon.cancel_reservation(r.reservation_id, null) from r where r.user_id = 2;
select lives_ok('execute confirm(2)', 'one that was cancelled');

select throws_ok('select coupon._confirm_reservation(null)', 'MC001', 'p_reservation_id is null', 'no reservation');
select throws_ok('select coupon._confirm_reservation(''x'')', 'MC019', 'there is no reservation x', 'an unknown one');
select coupon.rollback_redemption(r.number, null) from r where r.user_id = 1;
select throws_ok('execute confirm(1)', 'MC021', null, 'rolled back');
select coupon.cancel_reservation(r.reservation_id, null) from r where r.user_id = 3;
select coupon.reserve_coupon(r.number, 3, 'other', 5000) from r where r.user_id = 3;
select throws_ok('execute confirm(3)', 'MC022', null, 'another order has it');

select * from finish();
rollback;
