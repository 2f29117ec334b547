begin;
select plan(11);

select has_function('coffee', '_find_inventory', array['uuid', 'text']);
select function_returns('coffee', '_find_inventory', array['uuid', 'text'], 'uuid');
select volatility_is('coffee', '_find_inventory', array['uuid', 'text'], 'volatile');
select isnt_definer('coffee', '_find_inventory', array['uuid', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._find_inventory(uuid, text)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

insert into coffee.coffees (id, name, roaster_id, origin_country) values ('00000000-0000-0000-0000-0000000000c3', 'Free', '00000000-0000-0000-0000-0000000000a1', 'Kenya');

select isnt(coffee._find_inventory('00000000-0000-0000-0000-0000000000c1', '60g'), null, 'the row is made');
select results_eq(
  $$select i.coffee_id, i.roaster_id, i.unit::text, i.current_stock, i.unit_price from coffee.coffee_inventory as i$$,
  $$values ('00000000-0000-0000-0000-0000000000c1'::uuid, '00000000-0000-0000-0000-0000000000a1'::uuid, '60g', 0, 12000.00)$$, 'empty, at the coffee''s price'
);
select is(coffee._find_inventory('00000000-0000-0000-0000-0000000000c1', '60g'), (select i.id from coffee.coffee_inventory as i), 'and found the second time');
select throws_ok($$select coffee._find_inventory('00000000-0000-0000-0000-0000000000c1', '1kg')$$, 'MF002', 'p_unit 1kg is not accepted: it is 60g or 100g', 'another size');
select throws_ok($$select coffee._find_inventory(gen_random_uuid(), '60g')$$, 'MF004', null, 'no coffee');
select throws_ok(
  $$select coffee._find_inventory('00000000-0000-0000-0000-0000000000c3', '60g')$$,
  'MF007', 'coffee 00000000-0000-0000-0000-0000000000c3 has no price for 60g', 'a coffee without a price'
);

select * from finish();
rollback;
