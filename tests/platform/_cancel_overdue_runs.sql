-- What it does to another session is in tests/cli/test_jobs.py: it takes two.
begin;
select plan(7);

create role tap_nobody;

select has_function('platform', '_cancel_overdue_runs', '{}'::text[], 'it exists');
select function_returns('platform', '_cancel_overdue_runs', '{}'::text[], 'bigint', 'it returns a count');
select volatility_is('platform', '_cancel_overdue_runs', '{}'::text[], 'volatile', 'it is volatile');
select isnt_definer('platform', '_cancel_overdue_runs', '{}'::text[], 'it runs as its caller');
select function_privs_are('platform', '_cancel_overdue_runs', '{}'::text[], 'tap_nobody', '{}', 'it is internal');

insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval)
values ('tap.slow', 'tap', 'A test.', '* * * * *', 'select tap.f()', '1 minute', '1 minute');
insert into platform.job_runs (job_name, slot, status, driver, started_at) values ('tap.slow', '2027-01-01', 'running', 'manual', now() - interval '1 hour');
select is(platform._cancel_overdue_runs(), 0::bigint, 'a row alone cancels nobody: its session must hold the job''s lock');
select pg_advisory_xact_lock(j.lock_key) from platform.jobs as j where j.name = 'tap.slow';
select is(platform._cancel_overdue_runs(), 0::bigint, 'and the caller does not cancel itself');

select * from finish();
rollback;
