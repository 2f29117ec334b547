begin;
select plan(8);

select has_function('coupon', '_lock_limits', array['jsonb[]']);
select function_returns('coupon', '_lock_limits', array['jsonb[]'], 'void');
select volatility_is('coupon', '_lock_limits', array['jsonb[]'], 'volatile');
select isnt_definer('coupon', '_lock_limits', array['jsonb[]']);
select ok(not has_function_privilege('coupon_app', 'coupon._lock_limits(jsonb[])', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
select coupon.set_policy_limit(900001, 'POLICY', 10);
select coupon.set_policy_limit(900001, 'USER', 5);
select coupon.reserve_coupon(i.coupon_number, u, 'o-' || u, 5000) from generate_series(1, 2) as u cross join lateral coupon.issue_coupon(900001, u) as i;
create temporary table u as select r.limit_usage as list from coupon.coupon_reservations as r order by r.user_id;
-- whoever has marked a row is in its xmax
select coupon._lock_limits(array[null, (select u.list from u limit 1)]::jsonb[]);
select is((select count(*) from coupon.limit_usages as s where s.xmax <> '0'), 0::bigint, 'one alone needs none');
select coupon._lock_limits(array[u.list, null, u.list]) from (select u.list from u limit 1) as u;
select results_eq(
  $$select s.subject::text from coupon.limit_usages as s where s.xmax <> '0' order by 1$$, $$values (''), ('1')$$, 'several: those that they take'
);
select is((select count(*) from coupon.policy_limits as l where l.xmax <> '0'), 2::bigint, 'and their limits');

select * from finish();
rollback;
