begin;
select plan(30);

create role tap_nobody;

select has_function('platform', '_start_job_run', array['text', 'text', 'timestamp with time zone', 'boolean'], 'it exists');
select function_returns('platform', '_start_job_run', array['text', 'text', 'timestamp with time zone', 'boolean'], 'platform.job_runs', 'it returns a run');
select volatility_is('platform', '_start_job_run', array['text', 'text', 'timestamp with time zone', 'boolean'], 'volatile', 'it is volatile');
select isnt_definer('platform', '_start_job_run', array['text', 'text', 'timestamp with time zone', 'boolean'], 'it runs as its caller');
select function_privs_are(
  'platform', '_start_job_run', array['text', 'text', 'timestamp with time zone', 'boolean'], 'tap_nobody', '{}', 'it is internal'
);

create temporary table run as select * from platform._start_job_run('tap.job', 'runner', '2027-01-01 03:00+00', true);
select is((select r.status from run as r), 'running', 'a claimed slot is running');
select is((select r.slot from run as r), '2027-01-01 03:00+00'::timestamptz, 'it is the slot that was asked for');
select is((select r.backend_pid from run as r), pg_backend_pid(), 'in this session');
select is((select r.finished_at from run as r), null, 'and not finished');

select is((platform._start_job_run('tap.job', 'runner', '2027-01-01 03:01+00', false)).status, 'skipped', 'without the lock the slot is skipped');
select is((select j.status from platform.job_runs as j where j.job_name = 'tap.job' and j.slot = '2027-01-01 03:00+00'), 'running', 'and the run that holds it goes on');
select is((platform._start_job_run('tap.job', 'pg_cron', '2027-01-01 03:00+00', false)).id, null, 'a slot that was claimed gives nothing');
select is((platform._start_job_run('tap.job', 'pg_cron', '2027-01-01 03:01+00', false)).id, null, 'nor does one that was skipped');
select results_eq(
  $$ select j.status, j.duplicates from platform.job_runs as j where j.job_name = 'tap.job' order by j.slot $$,
  $$ values ('running', 1), ('skipped', 1) $$,
  'but it is counted'
);

-- the session that ran 03:00 is gone: the next run has its lock
select is((platform._start_job_run('tap.job', 'runner', '2027-01-01 03:02+00', true)).status, 'running', 'the next slot runs');
select results_eq(
  $$ select j.status, j.finished_at is not null, j.error_message from platform.job_runs as j where j.job_name = 'tap.job' and j.slot = '2027-01-01 03:00+00' $$,
  $$ select 'crashed', true, format('backend %s is gone; noticed at the start of the next run', pg_backend_pid()) $$,
  'and the run before it is known to have crashed'
);

select is((platform._start_job_run('tap.job', 'runner', '2027-01-01 03:00+00', false)).id, null, 'a crashed slot is not tried again without the lock');
select is(r.attempts, 2, 'with the lock it is tried a second time') from platform._start_job_run('tap.job', 'runner', '2027-01-01 03:00+00', true) as r;
select is(r.error_message, null, 'with a clean slate') from platform.job_runs as r where r.job_name = 'tap.job' and r.slot = '2027-01-01 03:00+00';
select is((platform._start_job_run('tap.job', 'runner', '2027-01-01 03:00+00', true)).attempts, 3, 'and a third');
select is((platform._start_job_run('tap.job', 'runner', '2027-01-01 03:00+00', true)).id, null, 'but no more: it would crash for ever');
select is((select j.status from platform.job_runs as j where j.job_name = 'tap.job' and j.slot = '2027-01-01 03:00+00'), 'crashed', 'the last word is that it crashed');

select is(r.status, 'running', 'a slot that was skipped is free for who has the lock')
from platform._start_job_run('tap.job', 'manual', '2027-01-01 03:01+00', true) as r;
select results_eq(
  $$ select j.driver, j.attempts, j.duplicates from platform.job_runs as j where j.job_name = 'tap.job' and j.slot = '2027-01-01 03:01+00' $$,
  $$ values ('manual', 1, 2) $$,
  'and the skip counts as a duplicate'
);

update platform.job_runs set status = 'succeeded', finished_at = now(), error_message = null where job_name = 'tap.job' and slot = '2027-01-01 03:02+00';
select is((platform._start_job_run('tap.job', 'runner', '2027-01-01 03:02+00', true)).id, null, 'a slot that has succeeded does not run again');
select is((select j.status from platform.job_runs as j where j.job_name = 'tap.job' and j.slot = '2027-01-01 03:02+00'), 'succeeded', 'and stays so');

select is(
  (platform._start_job_run('tap.other', 'pg_cron', null, true)).slot, date_trunc('minute', clock_timestamp()), 'without a slot a scheduler runs for its minute'
);
select ok((platform._start_job_run('tap.job', 'manual', null, true)).slot > now(), 'a person for the very moment');
select is((select count(*) from platform.job_runs as j where j.job_name = 'tap.other' and j.status = 'running'), 1::bigint, 'another job is another matter');

select throws_ok(
  $$ select platform._start_job_run('tap.job', 'cron', null, true) $$, '23514',
  'new row for relation "job_runs" violates check constraint "job_runs_driver_check"', 'there are three drivers'
);

select * from finish();
rollback;
