begin;
select plan(7);

select has_function('coffee', '_rank_coffees', array['uuid', 'timestamp with time zone']);
select function_returns('coffee', '_rank_coffees', array['uuid', 'timestamp with time zone'], 'setof record');
select volatility_is('coffee', '_rank_coffees', array['uuid', 'timestamp with time zone'], 'volatile');
select isnt_definer('coffee', '_rank_coffees', array['uuid', 'timestamp with time zone']);
select ok(not has_function_privilege('coffee_app', 'coffee._rank_coffees(uuid, timestamp with time zone)', 'execute'), 'nobody may call it');

set local moadb.now = '2026-11-20 12:00+00';
\ir tastes.psql

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
