-- It commits, so its behaviour is in tests/cli/test_jobs.py and tests/chaos/test_jobs_crash.py; here is what can be said inside a transaction.
begin;
select plan(12);

create role tap_nobody;

select has_function('platform', 'run_job', array['text', 'text', 'timestamp with time zone', 'bigint'], 'it exists');
select is_procedure('platform', 'run_job', array['text', 'text', 'timestamp with time zone', 'bigint'], 'it is a procedure');
select function_lang_is('platform', 'run_job', array['text', 'text', 'timestamp with time zone', 'bigint'], 'plpgsql', 'it is plpgsql');
select isnt_definer('platform', 'run_job', array['text', 'text', 'timestamp with time zone', 'bigint'], 'it runs as its caller: a definer could not commit');
select is(
  (select p.proconfig from pg_proc as p where p.oid = 'platform.run_job(text, text, timestamptz, bigint)'::regprocedure), null,
  'and pins nothing, for the same reason'
);
select function_privs_are(
  'platform', 'run_job', array['text', 'text', 'timestamp with time zone', 'bigint'], 'tap_nobody', '{}', 'only operators may call it'
);

select platform.adopt_installation();
select throws_ok($$ call platform.run_job('no.such_job') $$, 'MP010', 'there is no job no.such_job', 'an unknown job is an error');
select throws_ok('call platform.run_job(null)', 'MP010', 'there is no job null', 'so is none');
select throws_ok(
  $$ call platform.run_job('platform.reconcile_job_runs') $$, '2D000', 'invalid transaction termination', 'it cannot run inside a transaction'
);
select throws_ok(
  $$ call platform.run_job('platform.reconcile_job_runs', 'cron') $$, '23514',
  'new row for relation "job_runs" violates check constraint "job_runs_driver_check"', 'there are three drivers'
);
select is_empty(
  $$ select k.name from platform.running_jobs as k where k.name = 'platform.prune_job_runs' $$, 'what has failed before it began holds no lock'
);

update platform.installation set port = 1;
select throws_ok(
  $$ call platform.run_job('platform.prune_job_runs') $$, 'MP011',
  format('database %s is not the one that runs the jobs: port is %s and was 1', current_database(), current_setting('port')),
  'a copy runs nothing'
);

select * from finish();
rollback;
