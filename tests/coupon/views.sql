begin;
select plan(9);

select has_view('coupon', 'v_active_coupons', 'v_active_coupons');
select has_view('coupon', 'v_policy_stock', 'v_policy_stock');
select has_materialized_view('coupon', 'mv_coupon_statistics', 'mv_coupon_statistics');
select index_is_unique('coupon', 'mv_coupon_statistics', 'mv_coupon_statistics_policy_id_key', 'it can be refreshed concurrently');

set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days, issue_start_date,
  issue_end_date
)
values
  (900001, 'one day', 'T-VIEW', 'FIXED_AMOUNT', 1000, 'DIRECT', 10, null, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-VIEW2', 'FIXED_AMOUNT', 1000, 'DIRECT', null, null, 1, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
select coupon.issue_coupon(900001, u) from generate_series(1, 3) as u;
select coupon.issue_coupon(900002, u) from generate_series(1, 4) as u;
select coupon.confirm_reservation(r.reservation_id)
from coupon.coupon_issues as i cross join lateral coupon.reserve_coupon(i.coupon_number, 1, 'o-1', 5000) as r
where i.policy_id = 900001 and i.user_id = 1;

set local role coupon_read;
select results_eq(
  'select v.user_id, v.coupon_name::text, v.status::text from coupon.v_active_coupons as v where v.coupon_name = ''one day'' order by v.user_id',
  $$values (2::bigint, 'one day', 'ISSUED'), (3::bigint, 'one day', 'ISSUED')$$, 'used coupons are not active'
);
select results_eq(
  'select v.policy_id, v.current_issue_count, v.remaining from coupon.v_policy_stock as v where v.policy_id > 900000 order by v.policy_id',
  $$values (900001::bigint, 3::bigint, 7::bigint), (900002::bigint, 4::bigint, null::bigint)$$, 'stock, exact, with and without limit'
);
reset role;
set local moadb.now = '2026-10-16 11:59:59+00';
select is((select count(*) from coupon.v_active_coupons as v where v.coupon_name = 'one day'), 2::bigint, 'valid to the last second');
set local moadb.now = '2026-10-16 12:00:00+00';
select is((select count(*) from coupon.v_active_coupons as v where v.coupon_name = 'one day'), 0::bigint, 'expired at the instant of expiry_date');
set local role coupon_app;
select throws_ok('select * from coupon.v_active_coupons', '42501', null, 'applications do not read it');
reset role;

select * from finish();
rollback;
