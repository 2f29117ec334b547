begin;
select plan(21);

select has_function('coffee', 'edit_taste', array['uuid', 'uuid', 'timestamp with time zone', 'jsonb']);
select function_returns('coffee', 'edit_taste', array['uuid', 'uuid', 'timestamp with time zone', 'jsonb'], 'timestamp with time zone');
select volatility_is('coffee', 'edit_taste', array['uuid', 'uuid', 'timestamp with time zone', 'jsonb'], 'volatile');
select is_definer('coffee', 'edit_taste', array['uuid', 'uuid', 'timestamp with time zone', 'jsonb']);
select ok(has_function_privilege('coffee_app', 'coffee.edit_taste(uuid, uuid, timestamp with time zone, jsonb)', 'execute'), 'applications may call it');

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
create function pg_temp.taste(
  p_user integer, p_coffee integer, p_vector extensions.vector default null, p_at text default '2026-11-20 12:00+00'
) returns coffee.taste_records language sql as $$
  insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
  values (
    ('00000000-0000-0000-0000-00000000000' || $1)::uuid, ('00000000-0000-0000-0000-0000000000c' || $2)::uuid, 'lab', '{"acidity": 5}', $3,
    $4::timestamptz
  )
  returning *
$$;

create temporary table t as select x.* from pg_temp.taste(1, 1) as x;
update coffee.taste_records set notes = 'old', location = point(1, 2);
select is(
  coffee.edit_taste(
    t.user_id, t.id, t.created_at,
    jsonb_build_object(
      'taste_layers', '{"acidity": 6}'::jsonb, 'notes', null, 'dose_g', 18, 'beverage_g', 36,
      'taste_vector', to_jsonb(array_fill(0.5, array[128])), 'longitude', 10, 'latitude', 20
    )
  ),
  '2026-11-20 12:00+00'::timestamptz, 'when it was changed'
) from t;
select results_eq(
  $$
    select r.taste_layers, r.notes, r.brew_ratio, extensions.vector_dims(r.taste_vector), r.location[0]::integer, r.mode::text, r.coffee_id
    from coffee.taste_records as r
  $$,
  $$values ('{"acidity": 6}'::jsonb, null::text, 2.00, 128, 10, 'lab', '00000000-0000-0000-0000-0000000000c1'::uuid)$$, 'what was given is changed, the rest is not'
);
select is((select u.taste_dna -> 'acidity_preference' from coffee.users as u where u.id = '00000000-0000-0000-0000-000000000001'), '6', 'the DNA follows');
select throws_ok(
  format('select coffee.edit_taste(%L, %L, %L, ''{}'')', '00000000-0000-0000-0000-000000000002', t.id, t.created_at), 'MF100', null, 'somebody else''s'
) from t;
select throws_ok(format('select coffee.edit_taste(null, %L, %L, ''{}'')', t.id, t.created_at), 'MF100', null, 'nobody''s') from t;
select throws_ok('select coffee.edit_taste(t.user_id, t.id, t.created_at, null) from t', 'MF001', null, 'no changes');
select throws_ok('select coffee.edit_taste(t.user_id, t.id, t.created_at, ''[]'') from t', 'MF002', null, 'no object');
select throws_ok(
  'select coffee.edit_taste(t.user_id, t.id, t.created_at, ''{"coffee_id": null}'') from t', 'MF002', null, 'the coffee is for good'
);
select throws_ok('select coffee.edit_taste(t.user_id, t.id, t.created_at, ''{"mode": "home"}'') from t', 'MF101', null, 'no such mode');
select throws_ok('select coffee.edit_taste(t.user_id, t.id, t.created_at, ''{"dose_g": "x"}'') from t', 'MF101', null, 'no number');
select throws_ok('select coffee.edit_taste(t.user_id, t.id, t.created_at, ''{"taste_vector": [1]}'') from t', 'MF101', null, 'no vector');
select throws_ok(
  format('select coffee.edit_taste(%L, %L, %L, %L)', t.user_id, t.id, t.created_at, jsonb_build_object('taste_vector', array_fill(1e-30, array[128]))),
  'MF101', null, 'a vector that is too short'
) from t;
select throws_ok('select coffee.edit_taste(t.user_id, t.id, t.created_at, ''{"latitude": 1}'') from t', 'MF001', null, 'half a place');
select throws_ok(
  'select coffee.edit_taste(t.user_id, t.id, t.created_at, ''{"latitude": 91, "longitude": 0}'') from t', 'MF002', null, 'no place'
);
select is(
  coffee.edit_taste(t.user_id, t.id, t.created_at, '{"latitude": null, "longitude": null}'), '2026-11-20 12:00+00'::timestamptz, 'nowhere'
) from t;
select is((select r.location::text from coffee.taste_records as r), null, 'is a place, too');

select * from finish();
rollback;
