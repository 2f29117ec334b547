begin;
select plan(27);

select has_function('marketing', 'run_report_schedules', array['integer']);
select function_returns('marketing', 'run_report_schedules', array['integer'], 'integer');
select volatility_is('marketing', 'run_report_schedules', array['integer'], 'volatile');
select is_definer('marketing', 'run_report_schedules', array['integer']);
select function_privs_are('marketing', 'run_report_schedules', array['integer'], 'marketing_app', '{}');
select function_privs_are('marketing', 'run_report_schedules', array['integer'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select marketing.create_report_schedule(9001, 'Daily', 'daily', p_config => '{"language": "en"}', p_compare => 'none') as daily \gset
select marketing.create_report_schedule(9001, 'Weekly', 'weekly') as weekly \gset
select marketing.create_report_schedule(9002, 'Monthly', 'monthly', '00:00', p_compare => 'year') as monthly \gset
create function pg_temp.asked(p_schedule bigint) returns text language sql as $$
  select string_agg(concat_ws(' ', r.date_from, r.date_to, r.compare_from, r.compare_to), ', ' order by r.id)
  from marketing.reports as r
  where r.schedule_id = p_schedule
$$;
select is(marketing.run_report_schedules(), 0, 'nothing is due');
set local moadb.now = '2026-11-19 05:59:59+09';
select is(marketing.run_report_schedules(), 0, 'a second before');
set local moadb.now = '2026-11-19 06:00+09';
set local role marketing_admin;
select is(marketing.run_report_schedules(), 1, 'and then');
select is(marketing.run_report_schedules(), 0, 'once');
reset role;
select is(pg_temp.asked(:daily), '2026-11-18 2026-11-18', 'yesterday');
select results_eq(
  'select r.workspace_id, r.title::text, r.report_type::text, r.config, r.status::text, r.user_id from marketing.reports as r',
  $$ values (9001::bigint, 'Daily', 'daily', '{"language": "en"}'::jsonb, 'pending', null::bigint) $$, 'as the schedule says'
);
select is((select count(*) from platform.tasks as t where t.topic = 'marketing.report'), 1::bigint, 'with its task');

-- an outage: what was missed is made up for once, for the last period
set local moadb.now = '2026-12-08 03:00+09';
select is(marketing.run_report_schedules(2), 2, 'so many at a time');
select is(marketing.run_report_schedules(2), 1, 'the rest');
select is(pg_temp.asked(:daily), '2026-11-18 2026-11-18, 2026-12-06 2026-12-06', 'of three weeks the last day that had its report due');
select is(pg_temp.asked(:weekly), '2026-11-30 2026-12-06 2026-11-23 2026-11-29', 'of two weeks the last');
select is(pg_temp.asked(:monthly), '2026-11-01 2026-11-30 2025-11-01 2025-11-30', 'the month, in the zone of New York');
select is(marketing.run_report_schedules(), 0, 'nothing else');
set local moadb.now = '2026-12-08 06:00+09';
select is(marketing.run_report_schedules(), 1, 'then as before');
select is(pg_temp.asked(:daily), '2026-11-18 2026-11-18, 2026-12-06 2026-12-06, 2026-12-07 2026-12-07', 'day by day');

-- a clock that was set back
update marketing.report_schedules as s set next_run_at = '2026-12-08 06:00+09' where s.id = :daily;
select is(marketing.run_report_schedules(), 0, 'a period is asked for once, whatever the clock says');
select is((select s.next_run_at from marketing.report_schedules as s where s.id = :daily), '2026-12-09 06:00+09', 'and the schedule goes on');
select throws_ok(
  $$
    insert into marketing.reports (workspace_id, schedule_id, title, report_type, date_from, date_to, created_at)
    select r.workspace_id, r.schedule_id, r.title, r.report_type, r.date_from, r.date_to, r.created_at from marketing.reports as r limit 1
  $$, '23505', null, 'by constraint'
);

-- days of 23 and of 25 hours, month ends and leap days
delete from marketing.reports;
delete from marketing.report_schedules;
set local moadb.now = '2024-02-28 12:00-05';
select marketing.create_report_schedule(9002, 'A', 'daily', '02:30') as daily \gset
select marketing.create_report_schedule(9002, 'B', 'monthly', '02:30') as monthly \gset
create function pg_temp.days(p_from timestamp, p_to timestamp) returns void language plpgsql as $$
declare
  v_now timestamptz;
begin
  for v_now in select g.at from generate_series(p_from at time zone 'UTC', p_to at time zone 'UTC', interval '30 minutes') as g (at) loop
    perform set_config('moadb.now', v_now::text, true);
    perform marketing.run_report_schedules();
  end loop;
end;
$$;
select pg_temp.days('2024-02-28 17:00', '2024-03-12 12:00');
select is(
  (select array_agg(r.date_from order by r.id) from marketing.reports as r where r.schedule_id = :daily),
  (select array_agg(d::date) from generate_series('2024-02-28'::timestamp, '2024-03-11', '1 day') as d), 'every day once when the clock skips the hour'
);
select is(pg_temp.asked(:monthly), '2024-02-01 2024-02-29 2024-01-01 2024-01-31', 'February to its last day');
delete from marketing.reports;
set local moadb.now = '2024-10-31 17:00+00';
select marketing.run_report_schedules();
delete from marketing.reports;
select pg_temp.days('2024-10-31 17:30', '2024-11-06 12:00');
select is(
  (select array_agg(r.date_from order by r.id) from marketing.reports as r where r.schedule_id = :daily),
  (select array_agg(d::date) from generate_series('2024-10-31'::timestamp, '2024-11-05', '1 day') as d), 'and when it has the hour twice'
);

select * from finish();
rollback;
