begin;
select plan(30);

-- before anything is searched for in this session: what strings mean is settled with a routine's first run
set local standard_conforming_strings = off;
set local escape_string_warning = off;
select is(platform.search_query('mosses peas')::text, '''mosses'' & ''peas'':*', 'whatever strings mean to the caller');
set local standard_conforming_strings = on;

select has_function('coffee', 'search_coffees', array['text', 'integer', 'uuid', 'uuid', 'text', 'text', 'text', 'boolean']);
select function_returns('coffee', 'search_coffees', array['text', 'integer', 'uuid', 'uuid', 'text', 'text', 'text', 'boolean'], 'setof record');
select volatility_is('coffee', 'search_coffees', array['text', 'integer', 'uuid', 'uuid', 'text', 'text', 'text', 'boolean'], 'stable');
select is_definer('coffee', 'search_coffees', array['text', 'integer', 'uuid', 'uuid', 'text', 'text', 'text', 'boolean']);
select ok(has_function_privilege('coffee_admin', 'coffee.search_coffees(text, integer, uuid, uuid, text, text, text, boolean)', 'execute'), 'administrators may call it');
select ok(has_function_privilege('coffee_app', 'coffee.search_coffees(text, integer, uuid, uuid, text, text, text, boolean)', 'execute'), 'applications may call it');

insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', '모모스커피'), ('00000000-0000-0000-0000-0000000000a2', 'Fritz');
insert into coffee.coffees (id, name, roaster_id, origin_country, variety, processing_method, roast_level, available_for_subscription, subscription_price_60g, subscription_price_100g, created_at) values
  ('00000000-0000-0000-0000-0000000000c1', '에티오피아 예가체프', '00000000-0000-0000-0000-0000000000a1', 'Ethiopia', 'Heirloom', 'washed', 'light', true, 12000, 18000, '2026-01-01 00:00+00'),
  ('00000000-0000-0000-0000-0000000000c2', 'Yirgacheffe Aricha', '00000000-0000-0000-0000-0000000000a2', 'Ethiopia', 'Heirloom', 'natural', 'Light', true, 12000, 18000, '2026-01-02 00:00+00'),
  ('00000000-0000-0000-0000-0000000000c3', '케냐 AA', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 'SL28', 'washed', 'medium', false, 12000, 18000, '2026-01-03 00:00+00'),
  ('00000000-0000-0000-0000-0000000000c4', 'Ethiopia blend', '00000000-0000-0000-0000-0000000000a2', 'Brazil', null, null, null, true, null, null, '2026-01-03 00:00+00');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 5, current_date, null), coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '60g', 5, current_date),
  coffee.receive_stock('00000000-0000-0000-0000-0000000000c3', '60g', 5, current_date), coffee.receive_stock('00000000-0000-0000-0000-0000000000c2', '60g', 1, current_date);
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c2', '60g', 1, '2026-12-01', null) as r;

set local role coffee_app;
select is(array(select s.name from coffee.search_coffees('예가체프') as s), array['에티오피아 예가체프'], 'Korean');
select is(array(select s.name from coffee.search_coffees('가체') as s), array['에티오피아 예가체프'], 'any two syllables');
select is(array(select s.name from coffee.search_coffees('yirgacheffe') as s), array['Yirgacheffe Aricha'], 'Latin');
select is(array(select s.name from coffee.search_coffees('YIRGA') as s), array['Yirgacheffe Aricha'], 'the beginning of a word, in any case');
select is(array(select s.name from coffee.search_coffees('ethiopia') as s), array['Ethiopia blend', 'Yirgacheffe Aricha', '에티오피아 예가체프'], 'the name before the origin, then the newest');
select is(array(select s.name from coffee.search_coffees('모모스') as s), array['케냐 AA', '에티오피아 예가체프'], 'by roaster');
select is(array(select s.name from coffee.search_coffees('모모스 케냐') as s), array['케냐 AA'], 'all that is typed');
select is(array(select s.name from coffee.search_coffees('없는 커피') as s), array[]::text[], 'nothing fits');
select is(array(select s.name from coffee.search_coffees('') as s), array[]::text[], 'nothing is typed');
select is(array(select s.name from coffee.search_coffees('a | b & !(c') as s), array[]::text[], 'nothing typed is an operator');
select is(array(select s.name from coffee.search_coffees(null) as s), array['Ethiopia blend', '케냐 AA', 'Yirgacheffe Aricha', '에티오피아 예가체프'], 'all, newest first');
select is(array(select s.name from coffee.search_coffees(null, p_roaster_id => '00000000-0000-0000-0000-0000000000a1') as s), array['케냐 AA', '에티오피아 예가체프'], 'of a roaster');
select is(array(select s.name from coffee.search_coffees(null, p_origin_country => 'ethiopia') as s), array['Yirgacheffe Aricha', '에티오피아 예가체프'], 'of a country');
select is(array(select s.name from coffee.search_coffees(null, p_processing_method => 'Washed') as s), array['케냐 AA', '에티오피아 예가체프'], 'of a process');
select is(array(select s.name from coffee.search_coffees(null, p_roast_level => 'LIGHT') as s), array['Yirgacheffe Aricha', '에티오피아 예가체프'], 'of a roast');
select is(array(select s.name from coffee.search_coffees(null, p_only_available => true) as s), array['에티오피아 예가체프'], 'for boxes and not sold out');
select is(array(select s.name from coffee.search_coffees('ethiopia', 2) as s), array['Ethiopia blend', 'Yirgacheffe Aricha'], 'a page');
select is(array(select s.name from coffee.search_coffees('ethiopia', 2, '00000000-0000-0000-0000-0000000000c2') as s), array['에티오피아 예가체프'], 'the next one');
select is(array(select s.name from coffee.search_coffees(null, 2, '00000000-0000-0000-0000-0000000000c4') as s), array['케냐 AA', 'Yirgacheffe Aricha'], 'after one of two of the same moment');
select results_eq(
  $$select s.roaster_name, s.price_60g, s.price_100g, s.currency, s.average_rating, s.total_reviews, s.available_units, s.rank from coffee.search_coffees(null, p_roaster_id => '00000000-0000-0000-0000-0000000000a1', p_roast_level => 'light') as s$$,
  $$values ('모모스커피', 12000.00, 18000.00, 'KRW', null::numeric, 0, array['60g', '100g'], 0::numeric)$$, 'what is said of a coffee'
);
select is((select s.available_units from coffee.search_coffees('yirgacheffe') as s), array[]::text[], 'sold out');
select throws_ok('select * from coffee.search_coffees(null, 0)', 'MF002', 'p_limit 0 is not accepted: it is 1 or more', 'a page of none');
select throws_ok($$select * from coffee.search_coffees(null, 1, '00000000-0000-0000-0000-0000000000a1')$$, 'MF004', null, 'after what is no coffee');
reset role;

select * from finish();
rollback;
