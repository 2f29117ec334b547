begin;
select plan(13);

select has_function('coffee', '_score_coffees', array['uuid', 'timestamp with time zone', 'uuid[]']);
select function_returns('coffee', '_score_coffees', array['uuid', 'timestamp with time zone', 'uuid[]'], 'setof record');
select volatility_is('coffee', '_score_coffees', array['uuid', 'timestamp with time zone', 'uuid[]'], 'volatile');
select isnt_definer('coffee', '_score_coffees', array['uuid', 'timestamp with time zone', 'uuid[]']);
select ok(not has_function_privilege('coffee_app', 'coffee._score_coffees(uuid, timestamp with time zone, uuid[])', 'execute'), 'nobody may call it');

set local moadb.now = '2026-11-20 12:00+00';
\ir tastes.psql

update coffee.coffees set flavor_profile = '{"acidity": 8, "body": 2}' where name = 'One';
update coffee.coffees set flavor_profile = '{"acidity": 2}' where name = 'Two';
select is(
  (select count(distinct s.score) from coffee._score_coffees('00000000-0000-0000-0000-000000000001', 'infinity', '{}') as s), 1::bigint, 'of whom nothing is known, all suit alike'
);
update coffee.users set preferences = '{"acidity": 8, "body": "full"}' where id = '00000000-0000-0000-0000-000000000001';
select results_eq(
  $$select c.name::text, s.profile_match from coffee._score_coffees('00000000-0000-0000-0000-000000000001', 'infinity', '{}') as s join coffee.coffees as c on c.id = s.coffee_id order by s.score desc, c.name$$,
  $$values ('One', 1000000), ('Two', 400000), ('Three', null)$$, 'a quiz and the roaster''s profile'
);
update coffee.users set taste_dna = '{"acidity_preference": 3}' where id = '00000000-0000-0000-0000-000000000001';
select is(
  (select c.name::text from coffee._score_coffees('00000000-0000-0000-0000-000000000001', 'infinity', '{}') as s join coffee.coffees as c on c.id = s.coffee_id order by s.score desc limit 1),
  'Two', 'what was tasted says more than the quiz'
);
select pg_temp.taste(1, 1, pg_temp.at(0));
select pg_temp.taste(2, 3, pg_temp.at(n)), pg_temp.taste(2, 2, pg_temp.at(60 + n)) from generate_series(1, 5) as n;
update coffee.coffees set flavor_vector = pg_temp.at(5) where name = 'One';
select results_eq(
  $$select c.name::text, s.neighbours from coffee._score_coffees('00000000-0000-0000-0000-000000000001', 'infinity', '{}') as s join coffee.coffees as c on c.id = s.coffee_id order by s.score desc$$,
  $$values ('Three', 5), ('Two', 5), ('One', 0)$$, 'records of others that are near, the nearest first; one''s own do not count'
);
select is(
  (select s.profile_match from coffee._score_coffees('00000000-0000-0000-0000-000000000001', 'infinity', '{}') as s where s.coffee_id = '00000000-0000-0000-0000-0000000000c1'), (1000000 * cosd(5))::integer,
  'the profile as a vector'
);
select is((select count(*) from coffee._score_coffees('00000000-0000-0000-0000-000000000001', 'infinity', array['00000000-0000-0000-0000-0000000000c1']::uuid[])), 2::bigint, 'without what is left out');
select is(
  (select sum(s.neighbours) from coffee._score_coffees('00000000-0000-0000-0000-000000000001', '2026-11-20 11:59+00', '{}') as s), 0::bigint, 'as of then'
);
update coffee.coffees set available_for_subscription = false where name = 'One';
select is((select count(*) from coffee._score_coffees('00000000-0000-0000-0000-000000000001', 'infinity', '{}')), 2::bigint, 'without what boxes may not hold');

select * from finish();
rollback;
