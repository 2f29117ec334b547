begin;
select plan(7);

select has_function('coffee', '_box_items', array['uuid']);
select function_returns('coffee', '_box_items', array['uuid'], 'jsonb');
select volatility_is('coffee', '_box_items', array['uuid'], 'stable');
select isnt_definer('coffee', '_box_items', array['uuid']);
select ok(not has_function_privilege('coffee_app', 'coffee._box_items(uuid)', 'execute'), 'nobody may call it');

\ir boxes.psql

create temporary table s as select pg_temp.subscriber(1, p.blind) as blind from p;

insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.blind, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 1, 9000 from s;

select pg_temp.bill(s.blind) from s;
select coffee.assemble_boxes();
select is(
  (select jsonb_path_query_array(coffee._box_items(o.id), '$[*].keyvalue().key') from coffee.subscription_orders as o),
  '["unit", "item_id", "scanned", "is_extra", "quantity", "is_hidden", "unit", "item_id", "scanned", "is_extra", "quantity", "is_hidden", "name", "unit", "item_id", "roaster", "scanned", "is_extra", "quantity", "coffee_id", "is_hidden", "roast_date", "roaster_id", "unit_price", "is_substitute"]',
  'two that hide everything, and the extra'
);
select is((select coffee._box_items(o.id) -> 2 ->> 'name' from coffee.subscription_orders as o), 'coffee 1', 'by name');

select * from finish();
rollback;
