begin;
select plan(7);

select has_function('coffee', '_rank_coffees', array['uuid', 'timestamp with time zone']);
select function_returns('coffee', '_rank_coffees', array['uuid', 'timestamp with time zone'], 'setof record');
select volatility_is('coffee', '_rank_coffees', array['uuid', 'timestamp with time zone'], 'volatile');
select isnt_definer('coffee', '_rank_coffees', array['uuid', 'timestamp with time zone']);
select ok(not has_function_privilege('coffee_app', 'coffee._rank_coffees(uuid, timestamp with time zone)', 'execute'), 'nobody may call it');

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
create function pg_temp.at(p_angle double precision) returns extensions.vector language sql as $$
  select (array[cosd($1), sind($1)] || array_fill(0::double precision, array[126]))::extensions.vector
$$;
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

select pg_temp.taste(1, 1, pg_temp.at(0));
select pg_temp.taste(2, 3, pg_temp.at(10)), pg_temp.taste(2, 1, pg_temp.at(40)), pg_temp.taste(2, 2, pg_temp.at(80));
select results_eq(
  $$select c.name::text from coffee._rank_coffees('00000000-0000-0000-0000-000000000001', 'infinity') as r join coffee.coffees as c on c.id = r.coffee_id order by r.score desc$$,
  $$values ('Three'), ('One'), ('Two')$$, 'all of them, the one that suits best first'
);
select results_eq(
  $$select r.coffee_id from coffee._rank_coffees(gen_random_uuid(), 'infinity') as r$$,
  'select c.id from coffee.coffees as c order by c.id', 'the same order each time when nothing is known'
);

select * from finish();
rollback;
