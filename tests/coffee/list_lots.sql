begin;
select plan(9);

select has_function('coffee', 'list_lots', array['uuid', 'text', 'boolean']);
select function_returns('coffee', 'list_lots', array['uuid', 'text', 'boolean'], 'setof coffee.stock_lots');
select volatility_is('coffee', 'list_lots', array['uuid', 'text', 'boolean'], 'stable');
select is_definer('coffee', 'list_lots', array['uuid', 'text', 'boolean']);
select ok(has_function_privilege('coffee_admin', 'coffee.list_lots(uuid, text, boolean)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.list_lots(uuid, text, boolean)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-10', p_lot_code => 'A');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18', p_lot_code => 'B');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18', p_lot_code => 'C');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '60g', 10, '2026-11-19', p_lot_code => 'D');
select coffee.adjust_stock((select l.id from coffee.stock_lots as l where l.lot_code = 'B'), -10, 'broken');

set local role coffee_admin;
select results_eq($$select l.lot_code from coffee.list_lots('00000000-0000-0000-0000-0000000000c1', '100g') as l$$, $$values ('C'), ('A')$$, 'what is left, freshest first');
select results_eq($$select l.lot_code from coffee.list_lots('00000000-0000-0000-0000-0000000000c1', '100g', false) as l$$, $$values ('B'), ('C'), ('A')$$, 'all of them');
select is_empty($$select l.lot_code from coffee.list_lots('00000000-0000-0000-0000-0000000000c2', '100g') as l$$, 'nothing was received');
reset role;

select * from finish();
rollback;
