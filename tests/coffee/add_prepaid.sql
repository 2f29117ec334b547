begin;
select plan(17);

select has_function('coffee', 'add_prepaid', array['uuid', 'integer', 'text', 'text']);
select function_returns('coffee', 'add_prepaid', array['uuid', 'integer', 'text', 'text'], 'integer');
select volatility_is('coffee', 'add_prepaid', array['uuid', 'integer', 'text', 'text'], 'volatile');
select is_definer('coffee', 'add_prepaid', array['uuid', 'integer', 'text', 'text']);
select ok(has_function_privilege('coffee_admin', 'coffee.add_prepaid(uuid, integer, text, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.add_prepaid(uuid, integer, text, text)', 'execute'), 'applications may not');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select is(coffee.add_prepaid(pg_temp.id(1), 2, 'a gift'), 2, 'two periods');
select is(coffee.add_prepaid(pg_temp.id(1), 1, 'another', 'k'), 3, 'and one');
select is(coffee.add_prepaid(pg_temp.id(1), 1, 'another', 'k'), 3, 'once for one key');
select throws_ok($$select coffee.add_prepaid(pg_temp.id(1), 2, 'another', 'k')$$, 'MP052', null, 'another request under it');
set local moadb.now = '2026-05-01 00:00+09';
select coffee.process_monthly_billing();
select results_eq(
  $$select b.kind, b.amount from coffee.billing_periods as b where b.subscription_id = pg_temp.id(1) order by b.period_index$$,
  $$values ('prepaid', 0.00), ('prepaid', 0.00), ('prepaid', 0.00), ('billed', 30000.00)$$, 'cost nothing more'
);
select is(coffee.entitled(pg_temp.u(1), '2026-04-01 00:00+09'), true, 'and give access');
select throws_ok('select coffee.add_prepaid(pg_temp.id(1), 0)', 'MF002', null, 'none');
select throws_ok('select coffee.add_prepaid(null, 1)', 'MF001', 'p_subscription_id is null', 'of nothing');
select throws_ok('select coffee.add_prepaid(''00000000-0000-0000-0000-000000000000'', 1)', 'MF020', null, 'of none that there is');
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'now');
select throws_ok('select coffee.add_prepaid(pg_temp.id(2), 1)', 'MF024', null, 'of one that has ended');
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
