-- The rows of sql/platform/jobs.sql and the constraints that every system's rows go through.
begin;
select plan(28);

create function pg_temp.declare(p_name text, p_schedule text default '* * * * *', p_command text default 'select tap.f()')
  returns void language sql
as $$
  insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval)
  values (p_name, 'tap', 'A test.', p_schedule, p_command, '1 minute', '1 minute')
$$;

create function pg_temp.refused(p_call text, p_constraint text, p_description text) returns text language sql as $$
  select throws_ok(
    p_call, '23514', format('new row for relation "jobs" violates check constraint "jobs_%s_check"', p_constraint), p_description
  )
$$;

select results_eq(
  $$
    select j.name from platform.jobs as j
    where j.name in ('platform.prune_audit_log', 'platform.prune_job_runs', 'platform.reconcile_job_runs')
    order by j.name
  $$,
  $$ values ('platform.prune_audit_log'), ('platform.prune_job_runs'), ('platform.reconcile_job_runs') $$,
  'platform declares its own jobs'
);
select is_empty($$ select j.name from platform.jobs as j where j.is_paused $$, 'none is paused at first');
select is_empty(
  $$ select j.name from platform.jobs as j where j.timeout > j.expected_interval $$, 'none may run longer than its interval'
);
select is((select count(*) from platform.installation), 1::bigint, 'the database is registered');

select lives_ok(format('select pg_temp.declare(%L, %L)', 'tap.s' || s.number, s.schedule), 'schedule ' || s.schedule)
from (
  values (1, '* * * * *'), (2, '*/5 0-6,12 1,15 */2 0-7'), (3, '0 3 * * 1-5/2'), (4, '59 23 31 12 7')
) as s (number, schedule);
select pg_temp.refused(format('select pg_temp.declare(%L, %L)', 'tap.bad', s.schedule), 'schedule', format('no schedule: %L', s.schedule))
from unnest(array['', '* * * *', '* * * * * *', '@daily', '5/15 * * * *', '* * * JAN *', '1, * * * *', '* * L * *', ' * * * * *', '1-2-3 * * * *']) as s (schedule);

select pg_temp.refused($$ select pg_temp.declare('other.x') $$, 'name', 'a job''s name begins with its schema');
select pg_temp.refused($$ select pg_temp.declare('tap.Big:Name') $$, 'name', 'and is plain');
select pg_temp.refused(format('select pg_temp.declare(%L, p_command => %L)', 'tap.bad', c.command), 'command', format('no command: %L', c.command))
from unnest(array['call tap.p()', 'select 1', 'select f()', 'delete from tap.x', 'select tap.f(); select tap.g()', 'select tap.f() from tap.x']) as c (command);

select throws_ok(
  $$
    insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval)
    values ('tap.zero', 'tap', 'A test.', '* * * * *', 'select tap.f()', '0', '1 minute')
  $$, '23514', 'new row for relation "jobs" violates check constraint "jobs_timeout_check"', 'a timeout is longer than nothing'
);
select throws_ok(
  $$
    insert into platform.jobs (name, schema_name, description, schedule, command, timeout, expected_interval)
    values ('tap.zero', 'tap', 'A test.', '* * * * *', 'select tap.f()', '1 minute', '-1 minute')
  $$, '23514', 'new row for relation "jobs" violates check constraint "jobs_expected_interval_check"', 'so is an interval'
);

select * from finish();
rollback;
