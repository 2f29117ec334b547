begin;
select plan(5);

select has_function('coffee', '_refuse_state', array['coffee.coffee_subscriptions', 'text']);
select function_returns('coffee', '_refuse_state', array['coffee.coffee_subscriptions', 'text'], 'void');
select volatility_is('coffee', '_refuse_state', array['coffee.coffee_subscriptions', 'text'], 'stable');
select isnt_definer('coffee', '_refuse_state', array['coffee.coffee_subscriptions', 'text']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select throws_ok(
  $$select coffee._refuse_state(t, 'dancing') from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$, 'MF024',
  'subscription ' || pg_temp.id(1) || ' is active: dancing is not possible', 'always'
);

select * from finish();
rollback;
