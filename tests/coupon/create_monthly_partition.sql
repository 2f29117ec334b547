begin;
select plan(8);

select has_function('coupon', 'create_monthly_partition', array[]::text[]);
select function_returns('coupon', 'create_monthly_partition', array[]::text[], 'void');
select volatility_is('coupon', 'create_monthly_partition', array[]::text[], 'volatile');
select is_definer('coupon', 'create_monthly_partition', array[]::text[]);
select ok(not has_function_privilege('coupon_app', 'coupon.create_monthly_partition()', 'execute'), 'not for applications');

set local moadb.now = '2031-01-25 00:00+00';
select hasnt_table('coupon', 'coupon_issues_2031_02', 'not made yet');
select lives_ok('select coupon.create_monthly_partition()', 'runs');
select results_eq(
  $$
    select c.relname::text collate "default" from pg_catalog.pg_class as c
    where c.oid in ('coupon.coupon_issues_2031_01'::regclass, 'coupon.coupon_issues_2031_02'::regclass, 'coupon.coupon_issue_audit_2031_02'::regclass)
    order by 1
  $$,
  $$values ('coupon_issue_audit_2031_02'), ('coupon_issues_2031_01'), ('coupon_issues_2031_02')$$,
  'this month and the next are there, of both tables'
);

select * from finish();
rollback;
