begin;
select plan(13);

create role tap_nobody;

select has_function('platform', 'prune_job_runs', array['interval', 'interval', 'integer'], 'it exists');
select function_returns('platform', 'prune_job_runs', array['interval', 'interval', 'integer'], 'bigint', 'it returns a count');
select volatility_is('platform', 'prune_job_runs', array['interval', 'interval', 'integer'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'prune_job_runs', array['interval', 'interval', 'integer'], 'it runs as its caller');
select function_privs_are('platform', 'prune_job_runs', array['interval', 'interval', 'integer'], 'tap_nobody', '{}', 'it is internal');

delete from platform.job_runs;
insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval)
select 'tap.' || j.name, 'tap', 'A test.', '0 * * * *', 'select tap.f()', '1 minute', '1 hour'
from unnest(array['busy', 'idle', 'failing', 'rare']) as j (name);

create function pg_temp.ran(p_job text, p_ago interval, p_status text default 'succeeded', p_rows bigint default 1) returns void language sql as $$
  insert into platform.job_runs (job_name, slot, status, driver, rows_handled, error_sqlstate, started_at, finished_at)
  select p_job, t.at, p_status, 'runner', p_rows, case p_status when 'failed' then 'XX000' end, t.at, case when p_status <> 'running' then t.at end
  from (select clock_timestamp() - p_ago as at) as t
$$;
create view pg_temp.kept as
select r.job_name, r.status, (extract(epoch from now() - r.slot) / 3600)::integer as hours from platform.job_runs as r;

select pg_temp.ran('tap.busy', n * interval '10 hours') from generate_series(1, 10) as n;
select pg_temp.ran('tap.idle', n * interval '1 hour', p_rows => 0) from generate_series(1, 10) as n;
select pg_temp.ran('tap.failing', interval '200 hours');
select pg_temp.ran('tap.failing', n * interval '1 hour', 'failed') from generate_series(46, 55) as n;
select pg_temp.ran('tap.rare', interval '300 hours', p_rows => 0);
select pg_temp.ran('tap.rare', interval '290 hours', 'running');
select pg_temp.ran('tap.removed', interval '100 hours');
select pg_temp.ran('tap.removed', interval '1 hour');

select is(platform.prune_job_runs('50 hours', '5 hours', 3), 3::bigint, 'it deletes no more than the limit');
select ok(not exists (select from pg_temp.kept as k where k.hours in (100, 90)), 'and the oldest first');
create temporary table pruned as select platform.prune_job_runs('50 hours', '5 hours') as rows;
select results_eq(
  $$ select k.hours from pg_temp.kept as k where k.job_name = 'tap.busy' order by 1 $$, 'values (10), (20), (30), (40)', 'runs are kept as long as asked'
);
select results_eq(
  $$ select k.hours from pg_temp.kept as k where k.job_name = 'tap.idle' order by 1 $$, 'values (1), (2), (3), (4)', 'those that had nothing to do not as long'
);
select results_eq(
  $$ select k.status, min(k.hours), max(k.hours) from pg_temp.kept as k where k.job_name = 'tap.failing' group by 1 order by 1 $$,
  $$ values ('failed', 46, 49), ('succeeded', 200, 200) $$,
  'the newest success of a job stays, however old'
);
select results_eq(
  $$ select k.status, k.hours from pg_temp.kept as k where k.job_name = 'tap.rare' order by 1 $$,
  $$ values ('running', 290), ('succeeded', 300) $$,
  'and what is running'
);
select results_eq($$ select k.hours from pg_temp.kept as k where k.job_name = 'tap.removed' $$, 'values (1)', 'a job that is gone keeps nothing longer');
select is(platform.prune_job_runs('50 hours', '5 hours'), 0::bigint, 'run again it finds nothing to do');

select * from finish();
rollback;
