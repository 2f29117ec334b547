begin;
select plan(12);

select has_function('coupon', 'settle_limits', array[]::text[]);
select function_returns('coupon', 'settle_limits', array[]::text[], 'bigint');
select volatility_is('coupon', 'settle_limits', array[]::text[], 'volatile');
select is_definer('coupon', 'settle_limits', array[]::text[]);
select ok(not has_function_privilege('coupon_app', 'coupon.settle_limits()', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u as user_id, i.coupon_number::text as number from generate_series(1, 4) as u cross join lateral coupon.issue_coupon(900001, u) as i;
create temporary table l as select coupon.set_policy_limit(900001, 'POLICY', 2) as id;
prepare reserve(bigint) as select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) from c where c.user_id = $1;
execute reserve(1);
execute reserve(2);
select coupon.rollback_order('o-1', 1, null);
create temporary table v as select l.xmin::text as version from coupon.policy_limits as l;

select is(coupon.settle_limits(), 1::bigint, 'one limit');
select is(coupon.settle_limits(), 0::bigint, 'no more');
select results_eq(
  'select u.used, (select count(*) from coupon.limit_credits) from coupon.limit_usages as u', 'values (1::numeric, 0::bigint)', 'taken off'
);
select is((select l.xmin::text from coupon.policy_limits as l), (select v.version from v), 'and the limit not written for it');
set local session_replication_role = replica;
insert into coupon.limit_credits (id, limit_id, period_start, subject, amount) overriding system value values (-1, -1, '-infinity', '', 1);
set local session_replication_role = origin;
select is(coupon.settle_limits(), 1::bigint, 'a credit whose limit is gone');
select is(coupon.settle_limits(), 0::bigint, 'stops nobody');
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
