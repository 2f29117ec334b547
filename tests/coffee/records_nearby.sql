begin;
select plan(24);

select has_function('coffee', 'records_nearby', array['numeric', 'numeric', 'numeric', 'integer', 'timestamp with time zone']);
select function_returns('coffee', 'records_nearby', array['numeric', 'numeric', 'numeric', 'integer', 'timestamp with time zone'], 'setof record');
select volatility_is('coffee', 'records_nearby', array['numeric', 'numeric', 'numeric', 'integer', 'timestamp with time zone'], 'stable');
select is_definer('coffee', 'records_nearby', array['numeric', 'numeric', 'numeric', 'integer', 'timestamp with time zone']);
select ok(has_function_privilege('coffee_app', 'coffee.records_nearby(numeric, numeric, numeric, integer, timestamp with time zone)', 'execute'), 'applications may call it');

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

create function pg_temp.put(p_name text, p_longitude double precision, p_latitude double precision) returns void language sql as $$
  insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, location, notes, created_at)
  values ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}', point($2, $3), $1, platform.now())
$$;
create function pg_temp.near(p_longitude numeric, p_latitude numeric, p_radius numeric, p_limit integer default 50) returns text
language sql as $$
  select string_agg(r.notes, ', ' order by n.distance_m, r.notes)
  from coffee.records_nearby($1, $2, $3, $4) as n
  join coffee.taste_records as r on r.id = n.record_id
$$;
select pg_temp.put('gangnam', 127.0276, 37.4979), pg_temp.put('city hall', 126.9780, 37.5665), pg_temp.put('fiji', 179.99, -17),
  pg_temp.put('fiji east', -179.99, -17), pg_temp.put('north', 100, 89.99), pg_temp.put('south', 0, -90), pg_temp.put('nowhere', null, null);

select is(pg_temp.near(126.98, 37.56, 2000), 'city hall', 'within two kilometres');
select is(pg_temp.near(126.98, 37.56, 20000), 'city hall, gangnam', 'within twenty, the nearest first');
select is(pg_temp.near(126.98, 37.56, 20000, 1), 'city hall', 'as many as asked for');
select is(pg_temp.near(180, -17, 2000), 'fiji, fiji east', 'on the antimeridian');
select is(pg_temp.near(-180, -17, 2000), 'fiji, fiji east', 'by its other name');
select is(pg_temp.near(179.985, -17, 3000), 'fiji, fiji east', 'beside it');
select is(pg_temp.near(-80, 89.99, 3000), 'north', 'over the north pole');
select is(pg_temp.near(77, -89.99, 3000), 'south', 'to the south pole');
select is(pg_temp.near(0, 90, 1200), 'north', 'around the pole');
select is(pg_temp.near(126.98, 37.56, 100000), 'city hall, gangnam', 'as far as it goes');
select throws_ok('select coffee.records_nearby(0, 0, 100001)', 'MF002', null, 'half the world');
select is(
  (select n.distance_m from coffee.records_nearby(127, 37.5, 3000) as n), 2445.995, 'how far'
);
select is((select count(*) from coffee.records_nearby(126.98, 37.56, 20000, p_since => platform.now() + interval '1 day')), 0::bigint, 'of late');
select throws_ok('select coffee.records_nearby(181, 0)', 'MF002', null, 'no such place');
select throws_ok('select coffee.records_nearby(null, 0)', 'MF001', null, 'half a place');
select throws_ok('select coffee.records_nearby(null, null)', 'MF001', null, 'no place');
select throws_ok('select coffee.records_nearby(0, 0, 0)', 'MF002', null, 'no reach');
select throws_ok($$select coffee.records_nearby(0, 0, 'NaN')$$, 'MF002', null, 'no number');
select throws_ok('select coffee.records_nearby(0, 0, 100, 0)', 'MF002', null, 'none');

select * from finish();
rollback;
