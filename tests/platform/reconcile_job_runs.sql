begin;
select plan(10);

create role tap_nobody;

select has_function('platform', 'reconcile_job_runs', '{}'::text[], 'it exists');
select function_returns('platform', 'reconcile_job_runs', '{}'::text[], 'bigint', 'it returns a count');
select volatility_is('platform', 'reconcile_job_runs', '{}'::text[], 'volatile', 'it is volatile');
select isnt_definer('platform', 'reconcile_job_runs', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', 'reconcile_job_runs', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval)
select 'tap.' || j.name, 'tap', 'A test.', '* * * * *', 'select tap.f()', '1 minute', '1 minute'
from unnest(array['alive', 'dead', 'restarted', 'done']) as j (name);
insert into platform.job_runs (job_name, slot, status, driver, backend_pid, finished_at)
values
  ('tap.alive', '2027-01-01', 'running', 'manual', pg_backend_pid(), null),
  ('tap.dead', '2027-01-01', 'running', 'manual', pg_backend_pid(), null),
  ('tap.restarted', '2027-01-01', 'running', 'manual', 1, null),
  ('tap.gone', '2027-01-01', 'running', 'manual', pg_backend_pid(), null),
  ('tap.done', '2027-01-01', 'succeeded', 'manual', 1, now());
select pg_advisory_xact_lock(j.lock_key) from platform.jobs as j where j.name in ('tap.alive', 'tap.restarted');

select is(platform.reconcile_job_runs(), 3::bigint, 'it finds the runs whose session does not hold their lock');
select results_eq(
  $$ select r.job_name, r.status from platform.job_runs as r where r.job_name like 'tap.%' order by 1 $$,
  $$ values ('tap.alive', 'running'), ('tap.dead', 'crashed'), ('tap.done', 'succeeded'), ('tap.gone', 'crashed'), ('tap.restarted', 'crashed') $$,
  'one whose lock another session holds by now is among them, and so is one whose job was removed'
);
select is((select r.error_message from platform.job_runs as r where r.job_name = 'tap.restarted'), 'backend 1 is gone', 'it says what it saw');
select isnt((select r.finished_at from platform.job_runs as r where r.job_name = 'tap.dead'), null, 'and when');
select is(platform.reconcile_job_runs(), 0::bigint, 'run again it finds nothing to do');

select * from finish();
rollback;
