begin;
select plan(11);

select has_function('coffee', '_chosen_items', array['uuid', 'integer', 'boolean']);
select volatility_is('coffee', '_chosen_items', array['uuid', 'integer', 'boolean'], 'stable');
select isnt_definer('coffee', '_chosen_items', array['uuid', 'integer', 'boolean']);
select ok(not has_function_privilege('coffee_app', 'coffee._chosen_items(uuid, integer, boolean)', 'execute'), 'nobody may call it');

\ir boxes.psql

create temporary table s as
select pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1"}, {"coffee_id": "d0000000-0000-0000-0000-0000000000c2"}]') as id
from p;
create function pg_temp.chosen(p_period integer, p_with_extras boolean default true) returns text language sql as $$
  select string_agg(right(c.coffee_id::text, 2) || '×' || c.quantity || ' ' || c.unit_price::integer || case when c.is_extra then '+' else '' end, ', ')
  from s cross join lateral coffee._chosen_items(s.id, $1, $2) as c
$$;
insert into coffee.subscription_items (subscription_id, valid_from, coffee_id, unit, quantity)
select s.id, 3, 'd0000000-0000-0000-0000-0000000000c4', '100g', 2 from s;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price, replaces_coffee_id)
select s.id, c.period_index, c.kind, ('d0000000-0000-0000-0000-0000000000' || c.coffee)::uuid, c.unit, c.quantity, c.unit_price,
  ('d0000000-0000-0000-0000-0000000000' || c.replaces)::uuid
from s cross join (values
  (1, 'skip_item', 'c1', null, null, null, null),
  (1, 'extra', 'c4', '100g', 3, 9000, null),
  (2, 'swap', 'c3', '100g', null, null, 'c2'),
  (4, 'swap', 'c2', '100g', null, null, 'c4'),
  (4, 'extra', 'c2', '100g', 1, 12000, null)
) as c (period_index, kind, coffee, unit, quantity, unit_price, replaces);
select is(pg_temp.chosen(0), 'c1×1 15001, c2×1 15002', 'the list');
select is(pg_temp.chosen(1), 'c2×1 15002, c4×3 9000+', 'one left out, one added');
select is(pg_temp.chosen(1, false), 'c2×1 15002', 'extras lie in the first box alone');
select is(pg_temp.chosen(2), 'c1×1 15001, c3×1 15003', 'one for another');
select is(pg_temp.chosen(3), 'c4×2 15004', 'a new list from here on');
select is(pg_temp.chosen(4), 'c2×2 15002, c2×1 12000+', 'as many of the other');
select is(pg_temp.chosen(5), 'c4×2 15004', 'what was said about one period is said about that one alone (T9)');

select * from finish();
rollback;
