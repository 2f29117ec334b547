begin;
select plan(17);

select has_function('coffee', '_nearest_records', array['extensions.vector', 'timestamp with time zone', 'uuid', 'uuid[]']);
select function_returns('coffee', '_nearest_records', array['extensions.vector', 'timestamp with time zone', 'uuid', 'uuid[]'], 'setof record');
select volatility_is('coffee', '_nearest_records', array['extensions.vector', 'timestamp with time zone', 'uuid', 'uuid[]'], 'volatile');
select isnt_definer('coffee', '_nearest_records', array['extensions.vector', 'timestamp with time zone', 'uuid', 'uuid[]']);
select ok(not has_function_privilege('coffee_app', 'coffee._nearest_records(extensions.vector, timestamp with time zone, uuid, uuid[])', 'execute'), 'nobody may call it');

set local moadb.now = '2026-11-20 12:00+00';
\ir tastes.psql

set local enable_seqscan = off;
-- T13: 400 records of user 2, coffee 1 near, coffee 2 farther, coffee 3 farthest; and zero vectors
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
select '00000000-0000-0000-0000-000000000002', ('00000000-0000-0000-0000-0000000000c' || 1 + n / 200)::uuid, 'lab', '{}', pg_temp.at(n / 10.0),
  '2026-11-20 12:00+00'::timestamptz - n * interval '5 hours'
from generate_series(0, 399) as n;
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, taste_vector, created_at)
select '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-0000000000c3', 'lab', '{}', array_fill(0, array[128])::extensions.vector, platform.now()
from generate_series(1, 10) as n;

select is((select count(*) from coffee._nearest_records(pg_temp.at(0), 'infinity')), 128::bigint, 'T13: 128 of them');
select is(
  (select array_agg(distinct n.coffee_id) from coffee._nearest_records(pg_temp.at(0), 'infinity') as n),
  '{00000000-0000-0000-0000-0000000000c1}'::uuid[], 'the nearest'
);
select is(
  (select round(max(n.similarity), 6) from coffee._nearest_records(pg_temp.at(0), 'infinity') as n), 1.000000, 'the same direction is 1'
);
select is(
  (select count(*) from coffee._nearest_records(pg_temp.at(0), 'infinity', null, array['00000000-0000-0000-0000-0000000000c1']::uuid[])),
  128::bigint, 'T13: as many when the nearest two hundred are filtered out'
);
select is((select count(*) from coffee._nearest_records(pg_temp.at(0), 'infinity', '00000000-0000-0000-0000-000000000002')), 0::bigint, 'without one''s own');
select is(
  (select count(*) from coffee._nearest_records(pg_temp.at(0), '2026-11-20 12:00+00'::timestamptz - interval '390 hours')),
  128::bigint, 'as of then'
);
select ok(
  (
    select max(n.created_at) <= '2026-11-20 12:00+00'::timestamptz - interval '390 hours'
    from coffee._nearest_records(pg_temp.at(0), '2026-11-20 12:00+00'::timestamptz - interval '390 hours') as n
  ),
  'nothing later'
);
select ok(
  not exists (select from coffee._nearest_records(pg_temp.at(40), 'infinity') as n where n.similarity = 'NaN'), 'T13: no zero vectors'
);
select is(
  (select count(*) from coffee._nearest_records(array_fill(0, array[128])::extensions.vector, 'infinity')), 0::bigint,
  'T13: nothing is near to a zero vector'
);
select is((select count(*) from coffee._nearest_records(null, 'infinity')), 0::bigint, 'nor to none');
select is(current_setting('hnsw.iterative_scan'), 'off', 'the setting is what it was');
select is(current_setting('hnsw.ef_search'), '40', 'this one, too');

select * from finish();
rollback;
