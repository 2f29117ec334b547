begin;
select plan(13);

select has_function('coffee', 'edit_stock', array['uuid', 'text', 'jsonb']);
select function_returns('coffee', 'edit_stock', array['uuid', 'text', 'jsonb'], 'void');
select volatility_is('coffee', 'edit_stock', array['uuid', 'text', 'jsonb'], 'volatile');
select is_definer('coffee', 'edit_stock', array['uuid', 'text', 'jsonb']);
select ok(has_function_privilege('coffee_admin', 'coffee.edit_stock(uuid, text, jsonb)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.edit_stock(uuid, text, jsonb)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

set local role coffee_admin;
select lives_ok(
  $$select coffee.edit_stock('00000000-0000-0000-0000-0000000000c1', '100g', '{"min_stock_alert": 3, "max_stock": 50, "unit_price": 17000, "is_available": false}')$$,
  'an administrator changes it'
);
select throws_ok($$select coffee.edit_stock('00000000-0000-0000-0000-0000000000c1', '100g', '{"current_stock": 3}')$$, 'MF011', null, 'bags are received or adjusted');
select throws_ok($$select coffee.edit_stock('00000000-0000-0000-0000-0000000000c1', '100g', '{"min_stock_alert": 51}')$$, 'MF008', null, 'the mark above the most');
select throws_ok($$select coffee.edit_stock('00000000-0000-0000-0000-0000000000c1', '1kg', '{}')$$, 'MF002', null, 'another size');
select throws_ok($$select coffee.edit_stock(gen_random_uuid(), '60g', '{}')$$, 'MF004', null, 'no coffee');
reset role;
select results_eq(
  'select i.min_stock_alert, i.max_stock, i.unit_price, i.is_available from coffee.coffee_inventory as i', 'values (3, 50, 17000.00, false)', 'it is changed'
);
select is((select c.subscription_price_100g from coffee.coffees as c where c.id = '00000000-0000-0000-0000-0000000000c1'), 17000::numeric, 'the catalogue has the price, too');

select * from finish();
rollback;
