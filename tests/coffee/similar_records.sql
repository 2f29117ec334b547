begin;
select plan(12);

select has_function('coffee', 'similar_records', array['uuid', 'timestamp with time zone', 'integer']);
select function_returns('coffee', 'similar_records', array['uuid', 'timestamp with time zone', 'integer'], 'setof record');
select volatility_is('coffee', 'similar_records', array['uuid', 'timestamp with time zone', 'integer'], 'volatile');
select is_definer('coffee', 'similar_records', array['uuid', 'timestamp with time zone', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.similar_records(uuid, timestamp with time zone, integer)', 'execute'), 'applications may call it');

set local moadb.now = '2026-11-20 12:00+00';
\ir tastes.psql

create temporary table t as
select n, x.*
from generate_series(0, 5) as n
cross join lateral pg_temp.taste(1 + n % 2, 1 + n % 3, pg_temp.at(n * 10)) as x;
create temporary table other as select x.* from pg_temp.taste(1, 1, null) as x;
select results_eq(
  'select s.record_id, s.coffee_id from t cross join lateral coffee.similar_records(t.id, t.created_at, 3) as s where t.n = 0',
  'select t.id, t.coffee_id from t where t.n between 1 and 3 order by t.n', 'anybody''s, most similar first, not itself'
);
select is(
  (select round(max(s.similarity), 4) from t cross join lateral coffee.similar_records(t.id, t.created_at) as s where t.n = 0),
  round(cosd(10)::numeric, 4), 'the cosine'
);
select is((select count(*) from other as o cross join lateral coffee.similar_records(o.id, o.created_at)), 0::bigint, 'without a vector none');
select throws_ok('select coffee.similar_records(gen_random_uuid(), now())', 'MF100', null, 'no such record');
select throws_ok('select coffee.similar_records(t.id, t.created_at, 0) from t', 'MF002', null, 'none wanted');
select throws_ok('select coffee.similar_records(t.id, t.created_at, 101) from t', 'MF002', null, 'too many');
select throws_ok('select coffee.similar_records(t.id, t.created_at, null) from t', 'MF002', null, 'any number');

select * from finish();
rollback;
