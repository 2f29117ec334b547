begin;
select plan(11);

select has_function('coupon', 'refresh_statistics', array[]::text[]);
select function_returns('coupon', 'refresh_statistics', array[]::text[], 'bigint');
select volatility_is('coupon', 'refresh_statistics', array[]::text[], 'volatile');
select is_definer('coupon', 'refresh_statistics', array[]::text[]);
select ok(not has_function_privilege('coupon_app', 'coupon.refresh_statistics()', 'execute'), 'not for applications');

select coupon.refresh_statistics();

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date, updated_at
)
values
  (900001, 'three', 'T-THREE', 'FIXED_AMOUNT', 1000, 'DIRECT', 3, null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', '2026-10-01'),
  (900002, 'none issued', 'T-ZERO', 'FIXED_AMOUNT', 1000, 'DIRECT', 3, null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', '2026-10-01');
set local moadb.now = '2026-10-15 12:00+00';
select coupon.issue_coupon(900001, u) from generate_series(1, 3) as u;
select coupon.confirm_reservation(r.reservation_id)
from coupon.coupon_issues as i cross join lateral coupon.reserve_coupon(i.coupon_number, 1, 'o-1', 5000) as r
where i.policy_id = 900001 and i.user_id = 1;

select is(coupon.refresh_statistics(), 1::bigint, 'one policy''s count had changed');
select results_eq(
  $$
    select m.total_issued, m.total_used, m.total_reserved, m.total_expired, m.usage_rate
    from coupon.mv_coupon_statistics as m where m.policy_id = 900001
  $$,
  $$values (3::bigint, 1::bigint, 0::bigint, 0::bigint, 33.33)$$,
  'counts by status; the rate has two decimals'
);
select is((select m.usage_rate from coupon.mv_coupon_statistics as m where m.policy_id = 900002), 0::numeric, 'no division by zero');
select is((select p.current_issue_count from coupon.coupon_policies as p where p.id = 900001), 3, 'the count in the policy follows');
select is(
  (select p.updated_at from coupon.coupon_policies as p where p.id = 900001), timestamptz '2026-10-01', 'that is not a change of the policy'
);
select is(coupon.refresh_statistics(), 0::bigint, 'a second time there is nothing to do');

select * from finish();
rollback;
