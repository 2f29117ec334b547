begin;
select plan(16);

select has_function('coupon', 'expire_reservations', array['integer']);
select function_returns('coupon', 'expire_reservations', array['integer'], 'bigint');
select volatility_is('coupon', 'expire_reservations', array['integer'], 'volatile');
select is_definer('coupon', 'expire_reservations', array['integer']);
select ok(not has_function_privilege('coupon_app', 'coupon.expire_reservations(integer)', 'execute'), 'applications may not call it');

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
select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000, make_interval(mins => c.user_id::integer)) from c;
select coupon.confirm_reservation(s.reservation_id) from coupon.coupon_reservations as s where s.order_id = 'o-2';

select is(coupon.expire_reservations(100), 0::bigint, 'none has lapsed');
set local moadb.now = '2026-10-15 12:04+00';
select is(coupon.expire_reservations(1), 1::bigint, 'so many, and no more');
select is((select s.status::text from coupon.coupon_reservations as s where s.order_id = 'o-1'), 'EXPIRED', 'the oldest first');
select is((select e.swept_to from coupon.release_progress as e), '2026-10-15 12:01+00'::timestamptz, 'it is said how far it has come');
select is(coupon.expire_reservations(100), 2::bigint, 'the others, but not the paid one');
select is(coupon.expire_reservations(100), 0::bigint, 'and then none');
select is((select e.swept_to from coupon.release_progress as e), '2026-10-15 12:04+00'::timestamptz, 'and when all is done');
select results_eq(
  $$select i.status::text, count(*) from coupon.coupon_issues as i join c on c.id = i.id group by 1 order by 1$$,
  $$values ('ISSUED', 3::bigint), ('RESERVED', 5::bigint), ('USED', 1::bigint)$$, 'their coupons are free'
);
set local moadb.now = '2026-12-15 12:00+00';
select is(coupon.expire_reservations(100), 5::bigint, 'all that is left');
select is(
  (select count(*) from coupon.coupon_issues as i join c on c.id = i.id where i.status = 'EXPIRED'), 5::bigint, 'coupons past their time are expired'
);
select throws_ok('select coupon.expire_reservations(-1)', 'MC011', 'p_limit -1 is not accepted: it is 1 or more', 'fewer than none');

select * from finish();
rollback;
