begin;
select plan(12);

select has_function('coffee', '_taste_vector', array['uuid', 'timestamp with time zone']);
select function_returns('coffee', '_taste_vector', array['uuid', 'timestamp with time zone'], 'extensions.vector');
select volatility_is('coffee', '_taste_vector', array['uuid', 'timestamp with time zone'], 'stable');
select isnt_definer('coffee', '_taste_vector', array['uuid', 'timestamp with time zone']);
select ok(not has_function_privilege('coffee_app', 'coffee._taste_vector(uuid, timestamp with time zone)', 'execute'), 'nobody may call it');

set local moadb.now = '2026-11-20 12:00+00';
\ir tastes.psql

select is(coffee._taste_vector('00000000-0000-0000-0000-000000000001', 'infinity')::text, null, 'nothing tasted');
select pg_temp.taste(1, 1, array_fill(0, array[128])::extensions.vector);
select is(coffee._taste_vector('00000000-0000-0000-0000-000000000001', 'infinity')::text, null, 'T13: a zero vector points nowhere');
select pg_temp.taste(1, 1, pg_temp.at(10), '2026-11-19 00:00+00');
select pg_temp.taste(1, 1, pg_temp.at(30) operator(extensions.*) array_fill(7, array[128])::extensions.vector, '2026-11-19 12:00+00');
select pg_temp.taste(1, 1, pg_temp.at(50), '2026-11-20 00:00+00');
select ok(
  coffee._taste_vector('00000000-0000-0000-0000-000000000001', 'infinity') operator(extensions.<=>) pg_temp.at(30) < 0.000001, 'the one in the middle, however long the vectors'
);
select ok(coffee._taste_vector('00000000-0000-0000-0000-000000000001', '2026-11-19 06:00+00') operator(extensions.<=>) pg_temp.at(10) < 0.000001, 'as of then');
select pg_temp.taste(2, 1, pg_temp.at(0)), pg_temp.taste(2, 1, pg_temp.at(180));
select ok(
  abs((coffee._taste_vector('00000000-0000-0000-0000-000000000002', 'infinity') operator(extensions.<=>) pg_temp.at(90)) - 1) < 0.000001, 'of opposites, one'
);
-- who stopped giving vectors long ago is not searched for them through all of a history
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
select
  '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}',
  '2026-11-21 00:00+00'::timestamptz + make_interval(secs => n)
from generate_series(1, 999) as n;
select isnt(coffee._taste_vector('00000000-0000-0000-0000-000000000002', 'infinity')::text, null, 'among the newest thousand records');
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, created_at)
select
  '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-0000000000c1', 'lab', '{}',
  '2026-11-22 00:00+00'::timestamptz + make_interval(secs => n)
from generate_series(1, 2) as n;
select is(coffee._taste_vector('00000000-0000-0000-0000-000000000002', 'infinity')::text, null, 'not beyond');

select * from finish();
rollback;
