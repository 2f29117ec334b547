begin;
select plan(18);

select has_function('coffee', 'set_items', array['uuid', 'uuid', 'jsonb']);
select function_returns('coffee', 'set_items', array['uuid', 'uuid', 'jsonb'], 'integer');
select volatility_is('coffee', 'set_items', array['uuid', 'uuid', 'jsonb'], 'volatile');
select is_definer('coffee', 'set_items', array['uuid', 'uuid', 'jsonb']);
select ok(has_function_privilege('coffee_app', 'coffee.set_items(uuid, uuid, jsonb)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
insert into coffee.roasters (id, name) values ('c0000000-0000-0000-0000-000000000010', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription)
select ('c0000000-0000-0000-0000-00000000001' || n)::uuid, 'c' || n, 'c0000000-0000-0000-0000-000000000010', 'Kenya', n < 5
from generate_series(1, 5) as n;
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price)
select c.id, c.roaster_id, '100g', 15000 from coffee.coffees as c where c.roaster_id = 'c0000000-0000-0000-0000-000000000010';
create function pg_temp.c(p_n integer) returns uuid language sql as $$select ('c0000000-0000-0000-0000-00000000001' || p_n)::uuid$$;
create function pg_temp.items(variadic p_n integer[]) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('coffee_id', pg_temp.c(n))) from unnest(p_n) as n
$$;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select
  n,
  case n
    when 1 then coffee.subscribe(u, coffee.create_plan('t1', 'T', 'my_choice', 30000), '{"a": 1}', p_items => pg_temp.items(1, 2))
    else coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}')
  end,
  u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select is(coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(3)), 1, 'period 0 has begun: from period 1 on');
select coffee.process_monthly_billing();
select is(coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(4, 3)), 1, 'the last word counts');
set local moadb.now = '2026-02-26 00:00+09';
select is(coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(2)), 2, 'after the cut-off: from period 2 on');
select results_eq(
  $$select i.valid_from, array_agg(i.coffee_id order by i.coffee_id) from coffee.subscription_items as i where i.subscription_id = pg_temp.id(1) group by 1 order by 1$$,
  $$values (0, array[pg_temp.c(1), pg_temp.c(2)]), (1, array[pg_temp.c(3), pg_temp.c(4)]), (2, array[pg_temp.c(2)])$$, 'all of it is kept'
);
select throws_ok('select coffee.set_items(pg_temp.id(1), pg_temp.u(1), null)', 'MF001', 'p_items is null', 'nothing');
select throws_ok('select coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(1, 2, 3))', 'MF023', null, 'more than a box holds');
select throws_ok('select coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(5))', 'MF031', null, 'one that is not offered');
select throws_ok('select coffee.set_items(pg_temp.id(2), pg_temp.u(2), pg_temp.items(1))', 'MF023', null, 'for boxes that are filled by taste');
select coffee.change_plan(pg_temp.id(2), pg_temp.u(2), t.plan_id, 'period_end', pg_temp.items(1)) from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1);
select is(coffee.set_items(pg_temp.id(2), pg_temp.u(2), pg_temp.items(2)), 2, 'of a plan that is to come');
select coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(1), 'now');
select throws_ok('select coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(1))', 'MF024', null, 'of one that has ended');

select throws_ok('select coffee.set_items(null, pg_temp.u(1), pg_temp.items(1))', 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok('select coffee.set_items(pg_temp.id(1), pg_temp.u(3), pg_temp.items(1))', 'MF020', null, 'somebody else''s');
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
