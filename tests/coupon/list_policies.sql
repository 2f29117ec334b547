begin;
select plan(12);

select has_function('coupon', 'list_policies', array['bigint', 'integer', 'boolean']);
select function_returns('coupon', 'list_policies', array['bigint', 'integer', 'boolean'], 'setof coupon.coupon_policies');
select volatility_is('coupon', 'list_policies', array['bigint', 'integer', 'boolean'], 'stable');
select is_definer('coupon', 'list_policies', array['bigint', 'integer', 'boolean']);
select ok(has_function_privilege('coupon_admin', 'coupon.list_policies(bigint, integer, boolean)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.list_policies(bigint, integer, boolean)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

select results_eq('select l.id from coupon.list_policies() as l', 'values (900003::bigint), (900002), (900001)', 'all, newest first');
select results_eq('select l.id from coupon.list_policies(null, 2) as l', 'values (900003::bigint), (900002)', 'the first page');
select results_eq('select l.id from coupon.list_policies(900002, 2) as l', 'values (900001::bigint)', 'the next one');
select coupon.pause_policy(900003);
select results_eq('select l.id from coupon.list_policies(p_only_active => true) as l', 'values (900002::bigint), (900001)', 'without those that are paused');
set local moadb.now = '2026-12-01 00:00+00';
select is_empty('select l.id from coupon.list_policies(p_only_active => true) as l', 'or over');
select throws_ok('select coupon.list_policies(p_limit => -1)', 'MC011', 'p_limit -1 is not accepted: it is 1 or more', 'a page of fewer than none');

select * from finish();
rollback;
