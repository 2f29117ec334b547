-- It commits, so its behaviour is in tests/cli/test_jobs.py and tests/chaos/test_jobs_crash.py; here is what can be said inside a transaction.
begin;
select plan(8);

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

select throws_ok(
  $$ call platform.run_job('platform.reconcile_job_runs') $$, '2D000', 'invalid transaction termination', 'it cannot run inside a transaction'
);
select is_empty('select k.name from platform.running_jobs as k', 'and then leaves no lock behind');

select * from finish();
rollback;
