begin;
select plan(12);

select has_function('coupon', '_refuse_coupon', array['coupon.coupon_issues']);
select function_returns('coupon', '_refuse_coupon', array['coupon.coupon_issues'], 'void');
select volatility_is('coupon', '_refuse_coupon', array['coupon.coupon_issues'], 'stable');
select isnt_definer('coupon', '_refuse_coupon', array['coupon.coupon_issues']);
select ok(not has_function_privilege('coupon_app', 'coupon._refuse_coupon(coupon.coupon_issues)', 'execute'), 'applications may not call it');

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
select coupon.confirm_reservation(r.reservation_id) from coupon.coupon_reservations as r where r.order_id = 'o-3';
select coupon.cancel_coupon(c.number, 'test') from c where c.user_id = 4;

prepare refuse(bigint) as
select coupon._refuse_coupon(i) from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = $1;
select lives_ok('execute refuse(1)', 'free');
select throws_ok('execute refuse(2)', 'MC017', null, 'held');
select throws_ok(
  'execute refuse(3)', 'MC016', (select format('coupon %s is used by order o-3', c.number) from c where c.user_id = 3), 'used'
);
select throws_ok(
  'execute refuse(4)', 'MC015', (select format('coupon %s is cancelled', c.number) from c where c.user_id = 4), 'cancelled'
);
set local moadb.now = '2026-11-14 11:59:59+00';
select lives_ok('execute refuse(1)', 'valid to the last second');
set local moadb.now = '2026-11-14 12:00+00';
select throws_ok('execute refuse(1)', 'MC014', null, 'over, though nobody has marked it');
select coupon.expire_coupons(100);
select throws_ok('execute refuse(1)', 'MC014', null, 'over, and marked');

select * from finish();
rollback;
