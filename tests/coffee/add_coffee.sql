begin;
select plan(14);

select has_function('coffee', 'add_coffee', array['text', 'uuid', 'text', 'jsonb', 'text']);
select function_returns('coffee', 'add_coffee', array['text', 'uuid', 'text', 'jsonb', 'text'], 'uuid');
select volatility_is('coffee', 'add_coffee', array['text', 'uuid', 'text', 'jsonb', 'text'], 'volatile');
select is_definer('coffee', 'add_coffee', array['text', 'uuid', 'text', 'jsonb', 'text']);
select ok(has_function_privilege('coffee_admin', 'coffee.add_coffee(text, uuid, text, jsonb, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.add_coffee(text, uuid, text, jsonb, text)', 'execute'), 'applications may not');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

set local role coffee_admin;
create temporary table made on commit drop as
select coffee.add_coffee('게이샤', '00000000-0000-0000-0000-0000000000a1', 'Panama', jsonb_build_object('variety', 'Gesha', 'altitude_min', 1700,
  'flavor_vector', (select jsonb_agg(n) from generate_series(1, 128) as n)), 'key') as id;
select throws_ok($$select coffee.add_coffee('A', gen_random_uuid(), 'Panama')$$, 'MF005', null, 'no roaster');
select throws_ok($$select coffee.add_coffee('A', '00000000-0000-0000-0000-0000000000a1', null)$$, 'MF008', null, 'no country');
select throws_ok($$select coffee.add_coffee('A', '00000000-0000-0000-0000-0000000000a1', 'Panama', '{"flavor_vector": [1, 2]}')$$, 'MF008', null, 'a vector of two');
select throws_ok($$select coffee.add_coffee('A', '00000000-0000-0000-0000-0000000000a1', 'Panama', '{"altitude_min": 2000, "altitude_max": 1000}')$$, 'MF008', null, 'the lowest above the highest');
select throws_ok($$select coffee.add_coffee('A', '00000000-0000-0000-0000-0000000000a1', 'Panama', '{"search_vector": "a"}')$$, 'MF011', null, 'what the database keeps itself');
select throws_ok($$select coffee.add_coffee('B', '00000000-0000-0000-0000-0000000000a1', 'Panama', '{}', 'key')$$, 'MP052', null, 'another request under the same key');
reset role;

select is(
  coffee.add_coffee('게이샤', '00000000-0000-0000-0000-0000000000a1', 'Panama', jsonb_build_object('variety', 'Gesha', 'altitude_min', 1700,
    'flavor_vector', (select jsonb_agg(n) from generate_series(1, 128) as n)), 'key'),
  (select m.id from made as m), 'the same request, the same coffee'
);
select results_eq(
  'select c.name::text, c.variety::text, c.altitude_min, extensions.vector_dims(c.flavor_vector) from coffee.coffees as c where c.origin_country = ''Panama''',
  $$values ('게이샤', 'Gesha', 1700, 128)$$, 'as it was given'
);

select * from finish();
rollback;
