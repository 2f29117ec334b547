begin;
select plan(15);

select has_function('coupon', 'expire_coupons', array['integer']);
select function_returns('coupon', 'expire_coupons', array['integer'], 'bigint');
select volatility_is('coupon', 'expire_coupons', array['integer'], 'volatile');
select is_definer('coupon', 'expire_coupons', array['integer']);
select ok(not has_function_privilege('coupon_app', 'coupon.expire_coupons(integer)', 'execute'), 'applications may not call it');

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
update coupon.expiry_progress set expired_to = '-infinity';
select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000, '30 days') from c where c.user_id in (1, 2);
select coupon.confirm_reservation(s.reservation_id) from coupon.coupon_reservations as s where s.order_id = 'o-1';
select coupon.cancel_coupon(c.number, null) from c where c.user_id = 3;

set local moadb.now = '2026-11-14 11:59:59.999999+00';
select is(coupon.expire_coupons(100), 0::bigint, 'none is due');
set local moadb.now = '2026-11-14 12:00+00';
select is(coupon.expire_coupons(2), 2::bigint, 'so many, and no more');
select is(coupon.expire_coupons(100), 4::bigint, 'the others, but not those that are used, held or cancelled');
select results_eq(
  $$select i.status::text, count(*) from coupon.coupon_issues as i join c on c.id = i.id group by 1 order by 1$$,
  $$values ('CANCELLED', 1::bigint), ('EXPIRED', 6::bigint), ('RESERVED', 1::bigint), ('USED', 1::bigint)$$, 'each what it should be'
);
select is(coupon.expire_coupons(100), 0::bigint, 'and then none');
select is((select e.expired_to from coupon.expiry_progress as e), timestamptz '-infinity', 'for an hour it looks again');
set local moadb.now = '2026-11-14 13:00+00';
select is(coupon.expire_coupons(100), 0::bigint, 'an hour later');
select is((select e.expired_to from coupon.expiry_progress as e), timestamptz '2026-11-14 12:00+00', 'it goes on from there');
select is(
  (select count(*) from coupon.coupon_issue_audit as a join c on c.id = a.coupon_id where a.details ->> 'new_status' = 'EXPIRED'), 6::bigint,
  'recorded'
);
select throws_ok('select coupon.expire_coupons(-1)', 'MC011', 'p_limit -1 is not accepted: it is 1 or more', 'fewer than none');

select * from finish();
rollback;
