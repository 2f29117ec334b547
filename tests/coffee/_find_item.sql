begin;
select plan(10);

select has_function('coffee', '_find_item', array['coffee.coffee_subscriptions', 'integer', 'uuid', 'text']);
select function_returns('coffee', '_find_item', array['coffee.coffee_subscriptions', 'integer', 'uuid', 'text'], 'void');
select volatility_is('coffee', '_find_item', array['coffee.coffee_subscriptions', 'integer', 'uuid', 'text'], 'stable');
select isnt_definer('coffee', '_find_item', array['coffee.coffee_subscriptions', 'integer', 'uuid', 'text']);

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

create function pg_temp.find(p_n integer, p_period integer, p_coffee_id uuid, p_unit text default null) returns void language sql as $$
  select coffee._find_item(t, p_period, p_coffee_id, p_unit) from coffee.coffee_subscriptions as t where t.id = pg_temp.id(p_n)
$$;
select coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(3));
select lives_ok('select pg_temp.find(1, 0, pg_temp.c(1))', 'in force');
select throws_ok('select pg_temp.find(1, 1, pg_temp.c(1))', 'MF032', null, 'no longer');
select lives_ok('select pg_temp.find(1, 7, pg_temp.c(3), ''100g'')', 'from then on');
select throws_ok('select pg_temp.find(1, 7, pg_temp.c(3), ''60g'')', 'MF032', null, 'in another size');
select throws_ok('select pg_temp.find(2, 1, pg_temp.c(1))', 'MF032', null, 'of a box that is filled by taste');
select throws_ok('select pg_temp.find(1, 1, null)', 'MF001', 'p_coffee_id is null', 'nothing');

select * from finish();
rollback;
