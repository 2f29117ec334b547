begin;
select plan(12);

select has_function('coupon', '_settle_limit', array['bigint', 'date', 'text']);
select function_returns('coupon', '_settle_limit', array['bigint', 'date', 'text'], 'boolean');
select volatility_is('coupon', '_settle_limit', array['bigint', 'date', 'text'], 'volatile');
select isnt_definer('coupon', '_settle_limit', array['bigint', 'date', 'text']);
select ok(not has_function_privilege('coupon_app', 'coupon._settle_limit(bigint, date, text)', 'execute'), 'applications may not call it');

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

select results_eq(
  'select u.used, v.used, (select sum(c.amount) from coupon.limit_credits as c) from coupon.limit_usages as u join coupon.v_limit_usages as v using (limit_id)',
  'values (2::numeric, 1::numeric, 1::numeric)', 'given back, not yet taken off'
);
select lives_ok('execute reserve(3)', 'whoever is short of it takes it off');
select results_eq(
  'select u.used, (select count(*) from coupon.limit_credits) from coupon.limit_usages as u', 'values (2::numeric, 0::bigint)', 'once'
);
select throws_ok('execute reserve(4)', 'MC033', null, 'and nobody twice');
set local session_replication_role = replica;  -- outside of a trigger
insert into coupon.limit_credits (limit_id, period_start, subject, amount) select l.id, '-infinity', '', 1 from l;
set local session_replication_role = origin;
select ok(not coupon._settle_limit(l.id, '-infinity', 'x'), 'nothing to take off') from l;
select ok(coupon._settle_limit(l.id, '-infinity', ''), 'something') from l;
select is((select u.used from coupon.limit_usages as u), 1::numeric, 'is off');

select * from finish();
rollback;
