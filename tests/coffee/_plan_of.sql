begin;
select plan(6);

select has_function('coffee', '_plan_of', array['coffee.coffee_subscriptions', 'integer']);
select function_returns('coffee', '_plan_of', array['coffee.coffee_subscriptions', 'integer'], 'bigint');
select volatility_is('coffee', '_plan_of', array['coffee.coffee_subscriptions', 'integer'], 'immutable');
select isnt_definer('coffee', '_plan_of', array['coffee.coffee_subscriptions', 'integer']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

create temporary table p as select coffee.create_plan('other', 'O', 'blind_box', 1) as id, t.plan_id from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1);
select coffee.change_plan(pg_temp.id(1), pg_temp.u(1), p.id) from p;
select results_eq(
  $$select coffee._plan_of(t, 0), coffee._plan_of(t, 1), coffee._plan_of(t, 9) from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  'select p.plan_id, p.id, p.id from p', 'the present one until the other begins'
);
select results_eq(
  $$select coffee._plan_of(t, 9) = t.plan_id from coffee.coffee_subscriptions as t where t.id = pg_temp.id(2)$$, 'values (true)', 'or for ever'
);

select * from finish();
rollback;
