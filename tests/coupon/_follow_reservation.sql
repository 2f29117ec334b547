begin;
select plan(11);

select has_function('coupon', '_follow_reservation', array['coupon.coupon_reservations', 'coupon.coupon_reservations']);
select function_returns('coupon', '_follow_reservation', array['coupon.coupon_reservations', 'coupon.coupon_reservations'], 'void');
select volatility_is('coupon', '_follow_reservation', array['coupon.coupon_reservations', 'coupon.coupon_reservations'], 'volatile');
select isnt_definer('coupon', '_follow_reservation', array['coupon.coupon_reservations', 'coupon.coupon_reservations']);
select ok(not has_function_privilege('coupon_app', 'coupon._follow_reservation(coupon.coupon_reservations, coupon.coupon_reservations)', 'execute'), 'applications may not call it');

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
insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at)
select 'T-' || c.user_id, c.id, c.user_id, 'o-' || c.user_id, 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:30+00' from c where c.user_id < 3;

prepare follow(text) as
select coupon._follow_reservation(r, r) from coupon.coupon_reservations as r where r.reservation_id = $1;
prepare turn(text, text, timestamptz) as
select coupon._follow_reservation(r, n)
from coupon.coupon_reservations as r
cross join lateral jsonb_populate_record(r, jsonb_build_object('status', $2, 'confirmed_at', $3)) as n
where r.reservation_id = $1;

select lives_ok('execute follow(''T-1'')', 'nothing has changed');
select throws_ok('execute turn(''T-1'', ''CONFIRMED'', null)', 'MC024', null, 'paid, but when');
select throws_ok(
  $$
    select coupon._follow_reservation(r, jsonb_populate_record(r, '{"discount_amount": 5001}'))
    from coupon.coupon_reservations as r where r.reservation_id = 'T-1'
  $$,
  'MC050', null, 'more than the order'
);
update coupon.coupon_reservations set status = 'CONFIRMED', confirmed_at = platform.now() where reservation_id = 'T-1';
select throws_ok('execute turn(''T-1'', ''PENDING'', platform.now())', 'MP050', null, 'no step that there is');
select throws_ok('execute turn(''T-1'', ''CANCELLED'', null)', 'MC025', null, 'the time of payment stays');
update coupon.coupon_reservations set status = 'CANCELLED' where reservation_id = 'T-1';
select throws_ok('execute turn(''T-1'', ''CONFIRMED'', platform.now())', 'MC021', null, 'rolled back is over for good');

select * from finish();
rollback;
