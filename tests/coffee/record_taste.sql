begin;
select plan(38);

select has_function('coffee', 'record_taste', array['uuid', 'uuid', 'text', 'jsonb', 'extensions.vector', 'numeric', 'text', 'jsonb', 'jsonb', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'jsonb', 'time without time zone', 'text', 'boolean', 'uuid', 'jsonb', 'text', 'timestamp with time zone', 'text', 'text']);
select function_returns('coffee', 'record_taste', array['uuid', 'uuid', 'text', 'jsonb', 'extensions.vector', 'numeric', 'text', 'jsonb', 'jsonb', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'jsonb', 'time without time zone', 'text', 'boolean', 'uuid', 'jsonb', 'text', 'timestamp with time zone', 'text', 'text'], 'setof record');
select volatility_is('coffee', 'record_taste', array['uuid', 'uuid', 'text', 'jsonb', 'extensions.vector', 'numeric', 'text', 'jsonb', 'jsonb', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'jsonb', 'time without time zone', 'text', 'boolean', 'uuid', 'jsonb', 'text', 'timestamp with time zone', 'text', 'text'], 'volatile');
select is_definer('coffee', 'record_taste', array['uuid', 'uuid', 'text', 'jsonb', 'extensions.vector', 'numeric', 'text', 'jsonb', 'jsonb', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric', 'jsonb', 'time without time zone', 'text', 'boolean', 'uuid', 'jsonb', 'text', 'timestamp with time zone', 'text', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.record_taste(uuid, uuid, text, jsonb, extensions.vector, numeric, text, jsonb, jsonb, numeric, numeric, numeric, numeric, numeric, jsonb, time without time zone, text, boolean, uuid, jsonb, text, timestamp with time zone, text, text)', 'execute'), 'applications may call it');

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values
  ('00000000-0000-0000-0000-0000000000a1', 'Roaster'),
  ('00000000-0000-0000-0000-0000000000a2', 'Another');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'One', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Two', '00000000-0000-0000-0000-0000000000a1', 'Kenya', true, 18000),
  ('00000000-0000-0000-0000-0000000000c3', 'Three', '00000000-0000-0000-0000-0000000000a2', 'Peru', true, 18000);
insert into coffee.users (id, email) values
  ('00000000-0000-0000-0000-000000000001', 'a@example.com'),
  ('00000000-0000-0000-0000-000000000002', 'b@example.com');

set local role coffee_app;
create temporary table t as
select r.*
from coffee.record_taste(
  '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 7.5, "note": "bright"}', p_taste_confidence => 0.8, p_extraction_method => 'v60', p_dose_g => 15,
  p_beverage_g => 240, p_tds_percent => 1.35, p_longitude => 127, p_latitude => 37.5, p_mood => 'calm', p_notes => 'good',
  p_taste_vector => array_fill(1, array[128])::extensions.vector, p_request_key => 'k'
) as r;
create temporary table again as
select r.*
from coffee.record_taste(
  '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{"acidity": 7.5, "note": "bright"}', p_taste_confidence => 0.8, p_extraction_method => 'v60', p_dose_g => 15,
  p_beverage_g => 240, p_tds_percent => 1.35, p_longitude => 127, p_latitude => 37.5, p_mood => 'calm', p_notes => 'good',
  p_taste_vector => array_fill(1, array[128])::extensions.vector, p_request_key => 'k'
) as r;
reset role;
select is((select count(*) from coffee.taste_records), 1::bigint, 'one record');
select results_eq('select a.record_id, a.created_at from again as a', 'select t.record_id, t.created_at from t', 'the same request, the same record');
select results_eq(
  $$
    select r.mode::text, r.brew_ratio, r.extraction_yield, r.location[0]::integer, r.qr_scanned, r.is_subscription_coffee, r.created_at
    from coffee.taste_records as r
  $$,
  $$values ('lab', 16.00, 21.60, 127, false, false, '2026-11-20 12:00+00'::timestamptz)$$, 'what was measured is worked out'
);
select is(
  (select u.taste_dna - 'last_updated' from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'), '{"acidity_preference": 7.5, "total_records": 1}',
  'the DNA follows'
);
select is(
  (select r.created_at from coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', p_tasted_at => '2026-01-05 00:00+00') as r),
  '2026-01-05 00:00+00'::timestamptz, 'T12: a tasting of long ago'
);
select is((select u.taste_dna_version from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'), 2, 'T12: does not change the DNA');
select lives_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{"acidity": "very", "body": -3}')$$, 'T12: layers that mean nothing abort nothing'
);
select lives_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', array_fill(0, array[128])::extensions.vector)$$, 'T13: nor does a zero vector'
);
select throws_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', ('[' || '1e-30' || repeat(',1e-30', 127) || ']')::extensions.vector)$$, 'MF101', null, 'T13: a direction that is lost in computing'
);
select throws_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', ('[' || '1e-8' || repeat(',1e-8', 127) || ']')::extensions.vector)$$, 'MF101', null, 'T13: so short a vector'
);
select throws_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', ('[' || '3e38' || repeat(',3e38', 127) || ']')::extensions.vector)$$, 'MF101', null, 'T13: nor one that is too long'
);
select throws_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', ('[' || '1e5' || repeat(',1e5', 127) || ']')::extensions.vector)$$, 'MF101', null, 'T13: or longer than any'
);
select lives_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', ('[' || '50000' || repeat(',50000', 127) || ']')::extensions.vector)$$, 'T13: a long one');
-- T15: no partition of that month
select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', p_tasted_at => '2022-05-05 00:00+00');
select is(
  (select r.tableoid::regclass::text from coffee.taste_records as r where r.created_at = '2022-05-05 00:00+00'),
  'coffee.taste_records_default', 'T15: a month without a partition'
);

select throws_ok($$select coffee.record_taste(gen_random_uuid(), '00000000-0000-0000-0000-0000000000c1', 'lab', '{}')$$, 'MF140', null, 'nobody');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', gen_random_uuid(), 'lab', '{}')$$, 'MF004', null, 'no such coffee');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', null, 'lab', '{}')$$, 'MF002', null, 'no coffee at all');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_qr_token => 'x')$$, 'MF002', null, 'a coffee and a code');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', null, 'lab', '{}', p_qr_token => 'x')$$, 'MF072', null, 'a code of nobody''s bag');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'home', '{}')$$, 'MF101', null, 'neither cafe nor lab');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', null, '{}')$$, 'MF101', null, 'no mode');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '[]')$$, 'MF101', null, 'layers that are no object');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', null)$$, 'MF101', null, 'no layers');
select throws_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', '[1,2,3]'::extensions.vector)$$, 'MF101', null, 'a vector of three dimensions'
);
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_dose_g => 0)$$, 'MF101', null, 'no coffee in the cup');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_taste_confidence => 2)$$, 'MF101', null, 'more than sure');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_longitude => 127)$$, 'MF001', null, 'half a place');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_longitude => 181, p_latitude => 0)$$, 'MF002', null, 'no place');
select throws_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_tasted_at => '2026-11-20 12:00:01+00')$$, 'MF002', null, 'not yet tasted'
);
select throws_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_tasted_at => '2021-11-20 11:59:59+00')$$, 'MF002', null, 'too long ago'
);
select throws_ok(
  $$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_tasted_at => '-infinity')$$, 'MF002', null, 'at no time'
);
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_request_key => 'k')$$, 'MP052', null, 'another request');
select throws_ok($$select coffee.record_taste('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}', p_request_key => '')$$, 'MP051', null, 'an empty key');

select * from finish();
rollback;
