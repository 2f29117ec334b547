begin;
select plan(7);

select has_function('coffee', 'list_subscriptions', array['uuid']);
select function_returns('coffee', 'list_subscriptions', array['uuid'], 'setof coffee.coffee_subscriptions');
select volatility_is('coffee', 'list_subscriptions', array['uuid'], 'stable');
select is_definer('coffee', 'list_subscriptions', array['uuid']);
select ok(has_function_privilege('coffee_app', 'coffee.list_subscriptions(uuid)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

insert into s select 4, coffee.subscribe(pg_temp.u(1), p.id, '{"a": 1}'), pg_temp.u(1) from coffee.plans as p where p.code = 't1';
select results_eq(
  'select l.id from coffee.list_subscriptions(pg_temp.u(1)) as l', 'values (pg_temp.id(4)), (pg_temp.id(1))', 'the newest first'
);
select is_empty('select coffee.list_subscriptions(''00000000-0000-0000-0000-000000000000'')', 'of nobody: none');

select * from finish();
rollback;
