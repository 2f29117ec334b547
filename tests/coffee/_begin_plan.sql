begin;
select plan(8);

select has_function('coffee', '_begin_plan', array['uuid']);
select function_returns('coffee', '_begin_plan', array['uuid'], 'boolean');
select volatility_is('coffee', '_begin_plan', array['uuid'], 'volatile');
select isnt_definer('coffee', '_begin_plan', array['uuid']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

create temporary table p as select coffee.create_plan('q', 'Q', 'blind_box', 20000) as id;
select coffee.change_plan(pg_temp.id(1), pg_temp.u(1), p.id) from p;
select is(coffee._begin_plan(pg_temp.id(1)), false, 'not before its period');
update coffee.coffee_subscriptions as t set next_period = 1 where t.id = pg_temp.id(1);
select is(coffee._begin_plan(pg_temp.id(1)), true, 'then');
select is(coffee._begin_plan(pg_temp.id(1)), false, 'once');
select results_eq(
  $$select t.plan_id, t.price_per_month, t.pending_plan_id, t.pending_price from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  'select p.id, 20000.00, null::bigint, null::numeric from p', 'it is the plan'
);

select * from finish();
rollback;
