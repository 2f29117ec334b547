begin;
select plan(19);

insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval, is_paused, active_since)
select 'tap.' || j.name, 'tap', 'A test.', '0 * * * *', 'select tap.f()', '1 minute', '1 hour', j.name = 'paused', now() - interval '10 days'
from unnest(array['good', 'never', 'failing', 'crashed', 'at_work', 'paused', 'late', 'new', 'just_failed']) as j (name);
update platform.jobs set active_since = now() where name = 'tap.new';

create function pg_temp.ran(p_job text, p_ago interval, p_status text default 'succeeded') returns void language sql as $$
  insert into platform.job_runs (job_name, slot, status, driver, rows_handled, error_sqlstate, error_message, started_at, finished_at)
  select p_job, t.at, p_status, 'runner', 3, case p_status when 'failed' then '22012' end, case p_status when 'failed' then 'division by zero' end,
    t.at, case when p_status <> 'running' then t.at end
  from (select now() - p_ago as at) as t
$$;
select pg_temp.ran('tap.good', '2 hours', 'failed');
select pg_temp.ran('tap.good', '1 hour');
select pg_temp.ran('tap.good', '30 minutes', 'skipped');
select pg_temp.ran('tap.failing', '5 hours');
select pg_temp.ran('tap.failing', '1 hour', 'failed');
select pg_temp.ran('tap.just_failed', '90 minutes');
select pg_temp.ran('tap.just_failed', '30 minutes', 'failed');
select pg_temp.ran('tap.crashed', '3 hours', 'running');
select pg_temp.ran('tap.at_work', '1 minute', 'running');
select pg_temp.ran('tap.paused', '5 days');
select pg_temp.ran('tap.late', '150 minutes');
select pg_advisory_xact_lock(j.lock_key) from platform.jobs as j where j.name = 'tap.at_work';
select pg_advisory_xact_lock_shared(42), pg_advisory_xact_lock(1, 2);

select has_view('platform', 'running_jobs', 'running_jobs is there');
select has_view('platform', 'job_status', 'job_status is there');
select has_view('platform', 'job_health', 'job_health is there');

select results_eq(
  $$ select k.name, k.pid from platform.running_jobs as k where k.name like 'tap.%' $$, $$ select 'tap.at_work', pg_backend_pid() $$,
  'running is what holds its lock, whatever its row says; other advisory locks mean nothing'
);

create view pg_temp.status as select substr(s.name, 5) as job, s.* from platform.job_status as s where s.schema_name = 'tap';
create view pg_temp.health as select substr(h.name, 5) as job, h.* from platform.job_health as h where h.schema_name = 'tap';

select is((select count(*) from pg_temp.status), 9::bigint, 'there is one row for each job');
select is((select s.last_status from pg_temp.status as s where s.job = 'good'), 'succeeded', 'its last run is not a skipped one');
select is((select s.last_slot from pg_temp.status as s where s.job = 'good'), now() - interval '1 hour', 'but the one that ran');
select is((select s.last_rows_handled from pg_temp.status as s where s.job = 'good'), 3::bigint, 'with what it did');
select is((select s.last_error_message from pg_temp.status as s where s.job = 'failing'), 'division by zero', 'or why it failed');
select is((select s.last_success_at from pg_temp.status as s where s.job = 'failing'), now() - interval '5 hours', 'and when it last succeeded');
select is((select s.last_status from pg_temp.status as s where s.job = 'crashed'), 'crashed', 'a running row without its session is a crash, before anybody has noticed');
select is((select s.is_running from pg_temp.status as s where s.job = 'crashed'), false, 'and not running');
select is((select s.last_status from pg_temp.status as s where s.job = 'at_work'), 'running', 'one with its session is running');
select is((select s.is_running from pg_temp.status as s where s.job = 'at_work'), true, 'so it says');
select is((select s.last_status from pg_temp.status as s where s.job = 'never'), null, 'a job that has never run has no last run');

select results_eq(
  'select h.job, h.state from pg_temp.health as h order by 1',
  $$
    values
      ('at_work', 'silent'), ('crashed', 'crashed'), ('failing', 'failed'), ('good', 'ok'), ('just_failed', 'failed'),
      ('late', 'silent'), ('never', 'silent'), ('new', 'ok'), ('paused', 'paused')
  $$,
  'a job is not well when its last run failed, or when it has not succeeded for two intervals'
);
select is((select h.missed_intervals from pg_temp.health as h where h.job = 'late'), 2::bigint, 'missed intervals are whole ones');
select is((select h.missed_intervals from pg_temp.health as h where h.job = 'never'), 240::bigint, 'counted from when the job was declared, if it never succeeded');

create role tap_monitor in role pg_monitor;
set local role tap_monitor;
select lives_ok(
  'select count(*) from platform.running_jobs; select count(*) from platform.job_status; select count(*) from platform.job_health',
  'a monitoring role sees them'
);
reset role;

select * from finish();
rollback;
