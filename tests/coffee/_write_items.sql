begin;
select plan(11);

select has_function('coffee', '_write_items', array['uuid', 'bigint', 'jsonb', 'integer']);
select function_returns('coffee', '_write_items', array['uuid', 'bigint', 'jsonb', 'integer'], 'void');
select volatility_is('coffee', '_write_items', array['uuid', 'bigint', 'jsonb', 'integer'], 'volatile');
select isnt_definer('coffee', '_write_items', array['uuid', 'bigint', 'jsonb', 'integer']);

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

create function pg_temp.write(p_items jsonb, p_valid_from integer) returns void language sql as $$
  select coffee._write_items(pg_temp.id(1), t.plan_id, p_items, p_valid_from) from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)
$$;
create function pg_temp.valid() returns integer[] language sql as $$
  select array_agg(i.valid_from order by i.valid_from) from coffee.subscription_items as i where i.subscription_id = pg_temp.id(1)
$$;
select pg_temp.write(pg_temp.items(3), 5);
select is(pg_temp.valid(), '{0,0,5}', 'from a period on');
select pg_temp.write(pg_temp.items(4), 3);
select is(pg_temp.valid(), '{0,0,3}', 'in the place of those from there on');
select throws_ok('select pg_temp.write(null, 3)', 'MF023', null, 'none');
select throws_ok('select pg_temp.write(''[{"coffee_id": "c0000000-0000-0000-0000-000000000011", "quantity": 99999999999}]'', 3)', 'MF023', null, 'too many for a number');
select throws_ok('select pg_temp.write(pg_temp.items(1, 1), 3)', 'MF023', null, 'one twice');
select throws_ok('select pg_temp.write(pg_temp.items(5), 3)', 'MF031', null, 'one that is not offered');
select is(pg_temp.valid(), '{0,0,3}', 'a refusal changes nothing');

select * from finish();
rollback;
