begin;
select plan(13);

select has_function('coupon', 'pause_policy', array['bigint']);
select function_returns('coupon', 'pause_policy', array['bigint'], 'integer');
select volatility_is('coupon', 'pause_policy', array['bigint'], 'volatile');
select is_definer('coupon', 'pause_policy', array['bigint']);
select ok(has_function_privilege('coupon_admin', 'coupon.pause_policy(bigint)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.pause_policy(bigint)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

select is(coupon.pause_policy(900001), 2, 'paused');
select throws_ok('select coupon.issue_coupon(900001, 1)', 'MC003', 'coupon policy 900001 is paused', 'it issues nothing');
select is(coupon.pause_policy(900001), 2, 'again: as it was');
select is(coupon.pause_policy(900003), coupon.close_policy(900003) - 1, 'then closed');
select throws_ok('select coupon.pause_policy(null)', 'MC001', 'p_policy_id is null', 'no policy');
select throws_ok('select coupon.pause_policy(-1)', 'MC002', 'there is no coupon policy -1', 'a policy that is not there');

select platform.set_actor('admin:kim');
set local moadb.client_ip = 'nowhere';
select throws_ok('select coupon.pause_policy(900002)', 'MP004', 'moadb.client_ip nowhere is no address', 'an address that the audit cannot have');

select * from finish();
rollback;
