begin;
select plan(17);

select has_function('coupon', '_release_lapsed', array['bigint', 'date', 'text']);
select function_returns('coupon', '_release_lapsed', array['bigint', 'date', 'text'], 'boolean');
select volatility_is('coupon', '_release_lapsed', array['bigint', 'date', 'text'], 'volatile');
select isnt_definer('coupon', '_release_lapsed', array['bigint', 'date', 'text']);
select ok(not has_function_privilege('coupon_app', 'coupon._release_lapsed(bigint, date, text)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u as user_id, i.coupon_id as id, i.coupon_number::text as number
from generate_series(1, 5) as u cross join lateral coupon.issue_coupon(900001, u) as i;
create temporary table l as
select coupon.set_policy_limit(900001, 'POLICY', 2) as id, coupon.set_policy_limit(900001, 'POLICY', 2000, p_measure => 'AMOUNT') as budget;
prepare reserve(bigint, text) as
select r.discount_amount from c cross join lateral coupon.reserve_coupon(c.number, c.user_id, $2, 5000, '5 minutes') as r where c.user_id = $1;
prepare quote(bigint) as
select q.applicable, q.discount_amount from c cross join lateral coupon.quote_coupon(c.number, c.user_id, 5000) as q where c.user_id = $1;

execute reserve(1, 'o-1');
execute reserve(2, 'o-2');
select throws_ok('execute reserve(3, ''o-3'')', 'MC033', null, 'the limit is reached');
select ok(not coupon._release_lapsed(l.id, '-infinity', ''), 'nothing has lapsed') from l;

-- carts that were given up, and no sweep
set local moadb.now = '2026-10-15 12:06+00';
select results_eq('execute quote(3)', 'values (true, 1000::numeric)', 'they are in nobody''s way');
select results_eq('execute quote(1)', 'values (true, 1000::numeric)', 'nor is a coupon in its own, for another order');
select results_eq('execute reserve(3, ''o-3'')', 'values (1000::numeric)', 'what is quoted is held');
select results_eq(
  $$select c.user_id::integer, s.status::text, i.status::text from coupon.coupon_reservations as s join c on c.id = s.coupon_id join coupon.coupon_issues as i on i.id = c.id order by 1$$,
  $$values (1, 'EXPIRED', 'ISSUED'), (2, 'EXPIRED', 'ISSUED'), (3, 'PENDING', 'RESERVED')$$, 'and they are released'
);
select results_eq('execute reserve(1, ''o-1'')', 'values (1000::numeric)', 'two at a time');
select throws_ok('execute reserve(2, ''o-2'')', 'MC033', null, 'and no third');
select is((select q.verdicts @? '$[*] ? (@.error == "coupon_limit_reached" && @.used == 2)' from c cross join lateral coupon.quote_coupon(c.number, 2, 5000) as q where c.user_id = 2), true, 'which the quote says');

set local moadb.now = '2026-10-15 12:20+00';
select ok(coupon._release_lapsed(l.budget, '-infinity', ''), 'something has') from l;
select is((select v.used from l join coupon.v_limit_usages as v on v.limit_id = l.id), 0::numeric, 'it is given back');
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
