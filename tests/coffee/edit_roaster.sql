begin;
select plan(13);

select has_function('coffee', 'edit_roaster', array['uuid', 'jsonb']);
select function_returns('coffee', 'edit_roaster', array['uuid', 'jsonb'], 'void');
select volatility_is('coffee', 'edit_roaster', array['uuid', 'jsonb'], 'volatile');
select is_definer('coffee', 'edit_roaster', array['uuid', 'jsonb']);
select ok(has_function_privilege('coffee_admin', 'coffee.edit_roaster(uuid, jsonb)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.edit_roaster(uuid, jsonb)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

set local role coffee_admin;
select lives_ok($$select coffee.edit_roaster('00000000-0000-0000-0000-0000000000a1', '{"monthly_quota": 10, "partnership_tier": "silver"}')$$, 'an administrator changes it');
select throws_ok($$select coffee.edit_roaster(gen_random_uuid(), '{"monthly_quota": 10}')$$, 'MF005', null, 'no roaster');
select throws_ok($$select coffee.edit_roaster('00000000-0000-0000-0000-0000000000a1', '{"monthly_quota": -1}')$$, 'MF008', null, 'what a constraint refuses');
select throws_ok($$select coffee.edit_roaster('00000000-0000-0000-0000-0000000000a1', '{"id": 1}')$$, 'MF011', null, 'what is not given');
reset role;
select results_eq(
  'select r.name::text, r.monthly_quota, r.partnership_tier::text from coffee.roasters as r', $$values ('Roaster', 10, 'silver')$$, 'it is changed'
);
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 10, '2026-11-18');
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 8, '2026-12-01', null) as r;
select throws_ok(
  $$select coffee.edit_roaster('00000000-0000-0000-0000-0000000000a1', '{"monthly_quota": 7}')$$,
  'MF010', 'roaster 00000000-0000-0000-0000-0000000000a1 has promised 8 bags of a month, more than 7', 'a quota below what is promised'
);
select results_eq('select q.maximum, q.used from coffee.roaster_quotas as q', 'values (10, 8)', 'nothing is changed then');

select * from finish();
rollback;
