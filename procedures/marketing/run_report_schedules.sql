-- What ran late runs once, for the period that ended last: nobody reads ten daily reports of the days of an outage. That a period is asked
-- for once is the table's constraint, so a clock that was set back asks for nothing twice.

create or replace function marketing.run_report_schedules(p_limit integer default 1000)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_made integer;
begin
  with due as (
    select s.*
    from marketing.report_schedules as s
    where s.is_active and s.next_run_at <= platform.now()
    order by s.next_run_at, s.id
    limit greatest(p_limit, 0)
    for no key update skip locked
  ), moved as (
    update marketing.report_schedules as s
    set next_run_at = marketing._next_report_run(s.report_type, s.at_time, s.time_zone, platform.now())
    from due as d
    where s.id = d.id
  )
  insert into marketing.reports (
    workspace_id, user_id, schedule_id, title, report_type, date_from, date_to, compare_from, compare_to, config, created_at
  )
  select
    d.workspace_id, d.user_id, d.id, d.title, d.report_type, lower(r.period), upper(r.period) - 1, lower(c.period), upper(c.period) - 1,
    d.config, platform.now()
  from due as d
  cross join lateral (
    select r.period
    from marketing._report_runs(d.report_type, d.at_time, d.time_zone, platform.now()) as r
    where r.run_at <= platform.now()
    order by r.run_at desc, r.period desc
    limit 1
  ) as r
  cross join lateral marketing._compare_period(d.compare, d.report_type, r.period) as c (period)
  on conflict on constraint reports_schedule_once_key do nothing;
  get diagnostics v_made = row_count;
  return v_made;
end;
$$;

comment on function marketing.run_report_schedules(integer) is $$
Ask for the reports of all schedules that are due. Job marketing.run_report_schedules; running it twice asks once.
p_limit: how many schedules at most.
Returns: number of reports asked for.
Locks: the schedules; those that others have are passed over.
$$;
