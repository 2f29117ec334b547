begin;
select plan(15);

select has_function('coupon', 'close_policy', array['bigint']);
select function_returns('coupon', 'close_policy', array['bigint'], 'integer');
select volatility_is('coupon', 'close_policy', array['bigint'], 'volatile');
select is_definer('coupon', 'close_policy', array['bigint']);
select ok(has_function_privilege('coupon_admin', 'coupon.close_policy(bigint)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.close_policy(bigint)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

select coupon.issue_coupon(900001, 1);
select is(coupon.close_policy(900001), 2, 'closed');
select results_eq(
  'select p.is_active, p.closed_at from coupon.get_policy(900001) as p', $$values (false, timestamptz '2026-10-15 12:00+00')$$, 'since when'
);
select throws_like('select coupon.issue_coupon(900001, 2)', 'coupon policy 900001 was closed at %', 'it issues nothing');
set local moadb.now = '2026-10-16 12:00+00';
select is(coupon.close_policy(900001), 2, 'again: as it was');
select is((coupon.get_policy(900001)).closed_at, '2026-10-15 12:00+00', 'since then');
select is((select w.status from coupon.wallet(1) as w), 'ISSUED', 'coupons that are issued stay valid');
select coupon.pause_policy(900002);
select is(coupon.close_policy(900002), 3, 'one that was paused');
select throws_ok('select coupon.close_policy(null)', 'MC001', 'p_policy_id is null', 'no policy');
select throws_ok('select coupon.close_policy(-1)', 'MC002', 'there is no coupon policy -1', 'a policy that is not there');

select * from finish();
rollback;
