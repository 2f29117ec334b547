begin;
select plan(8);

select has_function('coffee', '_listed_items', array['uuid', 'integer']);
select volatility_is('coffee', '_listed_items', array['uuid', 'integer'], 'stable');
select isnt_definer('coffee', '_listed_items', array['uuid', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee._listed_items(uuid, integer)', 'execute'), 'nobody may call it');

set local session_replication_role = replica;
insert into coffee.subscription_items (subscription_id, valid_from, coffee_id, unit, quantity)
select '00000000-0000-0000-0000-0000000000b1', i.valid_from, ('00000000-0000-0000-0000-0000000000c' || i.coffee)::uuid, i.unit, i.quantity
from (values (1, 1, '100g', 2), (1, 1, '60g', 1), (1, 2, '100g', 1), (4, 3, '100g', 5)) as i (valid_from, coffee, unit, quantity);
create function pg_temp.listed(p_period integer) returns text language sql as $$
  select string_agg(right(i.coffee_id::text, 2) || ' ' || i.unit || '×' || i.quantity, ', ' order by i.coffee_id, i.unit)
  from coffee._listed_items('00000000-0000-0000-0000-0000000000b1', $1) as i
$$;
select is(pg_temp.listed(0), null, 'no list yet');
select is(pg_temp.listed(1), 'c1 100g×2, c1 60g×1, c2 100g×1', 'a list');
select is(pg_temp.listed(3), pg_temp.listed(1), 'until there is another');
select is(pg_temp.listed(9), 'c3 100g×5', 'from then on that one alone');

select * from finish();
rollback;
