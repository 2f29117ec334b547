begin;
select plan(16);

select has_function('coffee', '_score_guess', array['uuid', 'jsonb']);
select function_returns('coffee', '_score_guess', array['uuid', 'jsonb'], 'numeric');
select volatility_is('coffee', '_score_guess', array['uuid', 'jsonb'], 'stable');
select isnt_definer('coffee', '_score_guess', array['uuid', 'jsonb']);
select ok(not has_function_privilege('coffee_app', 'coffee._score_guess(uuid, jsonb)', 'execute'), 'nobody may call it');

\ir boxes.psql

update coffee.coffees set processing_method = null where id = 'd0000000-0000-0000-0000-0000000000c4';
select is(coffee._score_guess('d0000000-0000-0000-0000-0000000000c1', g.guess), g.score, g.guess::text)
from (values
  ('{"coffee_id": "d0000000-0000-0000-0000-0000000000c1"}'::jsonb, 100::numeric),
  ('{"coffee_id": "d0000000-0000-0000-0000-0000000000c1", "origin_country": "Peru"}', 100),
  ('{"coffee_id": "d0000000-0000-0000-0000-0000000000c2"}', 50.00),
  ('{"coffee_id": "d0000000-0000-0000-0000-0000000000c3"}', 50.00),
  ('{"coffee_id": "d0000000-0000-0000-0000-0000000000c3", "roaster_id": "d0000000-0000-0000-0000-0000000000a1"}', 80.00),
  ('{"roaster_id": "d0000000-0000-0000-0000-0000000000a1"}', 30.00),
  ('{"origin_country": "KENYA"}', 30.00),
  ('{"processing_method": "washed"}', 20.00),
  ('{"origin_country": "Kenya", "processing_method": "Natural"}', 30.00),
  ('{"origin_country": "Peru"}', 0.00)
) as g (guess, score);
select is(
  coffee._score_guess('d0000000-0000-0000-0000-0000000000c4', '{"origin_country": "Peru", "processing_method": "Washed"}'), 40.00,
  'what nobody knows of the coffee is not asked for'
);

select * from finish();
rollback;
