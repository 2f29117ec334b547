begin;
select plan(8);

select has_function('coupon', 'get_policy', array['bigint']);
select function_returns('coupon', 'get_policy', array['bigint'], 'coupon.coupon_policies');
select volatility_is('coupon', 'get_policy', array['bigint'], 'stable');
select is_definer('coupon', 'get_policy', array['bigint']);
select ok(has_function_privilege('coupon_admin', 'coupon.get_policy(bigint)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.get_policy(bigint)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

select results_eq('select * from coupon.get_policy(900001)', 'select * from coupon.coupon_policies where id = 900001', 'its row');
select throws_ok('select coupon.get_policy(-1)', 'MC002', 'there is no coupon policy -1', 'a policy that is not there');

select * from finish();
rollback;
