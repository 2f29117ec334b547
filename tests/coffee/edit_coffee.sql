begin;
select plan(16);

select has_function('coffee', 'edit_coffee', array['uuid', 'jsonb']);
select function_returns('coffee', 'edit_coffee', array['uuid', 'jsonb'], 'void');
select volatility_is('coffee', 'edit_coffee', array['uuid', 'jsonb'], 'volatile');
select is_definer('coffee', 'edit_coffee', array['uuid', 'jsonb']);
select ok(has_function_privilege('coffee_admin', 'coffee.edit_coffee(uuid, jsonb)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.edit_coffee(uuid, jsonb)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18');
set local role coffee_admin;
select lives_ok(
  $$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"subscription_price_100g": 19000, "available_for_subscription": true, "name": "Better"}')$$,
  'an administrator changes it'
);
select throws_ok($$select coffee.edit_coffee(gen_random_uuid(), '{}')$$, 'MF004', null, 'no coffee');
select throws_ok($$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"subscription_price_100g": -1}')$$, 'MF008', null, 'what a constraint refuses');
select throws_ok($$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"subscription_price_100g": null}')$$, 'MF008', null, 'what is in the stock has a price');
select throws_ok(
  format('select coffee.edit_coffee(%L, %L)', '00000000-0000-0000-0000-0000000000c1', jsonb_build_object('flavor_vector', array_fill(3e38, array[128]))),
  'MF008', null, 'a vector that is too long'
);
select throws_ok($$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"id": 1}')$$, 'MF011', null, 'what is not given');
reset role;
select results_eq(
  $$select c.name::text, c.subscription_price_100g, c.available_for_subscription from coffee.coffees as c where c.id = '00000000-0000-0000-0000-0000000000c1'$$,
  $$values ('Better', 19000.00, true)$$, 'it is changed'
);
select results_eq('select i.unit_price from coffee.coffee_inventory as i', 'values (19000.00)', 'its stock costs as much');
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a2', 'Second');
select throws_ok(
  $$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c1', '{"roaster_id": "00000000-0000-0000-0000-0000000000a2"}')$$, 'MF008', null, 'what is in the stock keeps its roaster'
);
select lives_ok($$select coffee.edit_coffee('00000000-0000-0000-0000-0000000000c2', '{"roaster_id": "00000000-0000-0000-0000-0000000000a2"}')$$, 'before that it may change');

select * from finish();
rollback;
