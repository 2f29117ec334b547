begin;
select plan(9);

select has_function('coffee', '_is_orderable', array['uuid', 'text']);
select function_returns('coffee', '_is_orderable', array['uuid', 'text'], 'boolean');
select volatility_is('coffee', '_is_orderable', array['uuid', 'text'], 'stable');
select isnt_definer('coffee', '_is_orderable', array['uuid', 'text']);

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

select is(coffee._is_orderable(pg_temp.c(1), '100g'), true, 'offered, in that size');
select is(coffee._is_orderable(pg_temp.c(1), '60g'), false, 'in another size');
select is(coffee._is_orderable(pg_temp.c(5), '100g'), false, 'not offered');
update coffee.coffee_inventory as i set is_available = false where i.coffee_id = pg_temp.c(2);
select is(coffee._is_orderable(pg_temp.c(2), '100g'), false, 'not sold now');
select is(coffee._is_orderable(null, '100g'), false, 'null');

select * from finish();
rollback;
