-- Local dates are counted, and each is made an instant in its zone: so a schedule keeps its hour when clocks are set, and a day of 23 or 25
-- hours has one run. Two before and two after are enough whatever the zone does with its calendar.

create or replace function marketing._report_runs(
  p_report_type text, p_at_time time, p_time_zone text, p_around timestamptz
)
  returns table (run_at timestamptz, period daterange)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with types (report_type, unit, step) as (
    values ('daily', 'day', interval '1 day'), ('weekly', 'week', interval '1 week'), ('monthly', 'month', interval '1 month')
  ), days as (
    select (date_trunc(t.unit, p_around at time zone p_time_zone) + n.n * t.step)::date as day
    from types as t
    cross join generate_series(-2, 2) as n (n)
    where t.report_type = p_report_type
  )
  select (d.day + p_at_time) at time zone p_time_zone, marketing._report_period(p_report_type, d.day - 1)
  from days as d
  order by d.day;
$$;

comment on function marketing._report_runs(text, time, text, timestamptz) is $$
When a schedule runs around an instant, and for which periods.
p_report_type: daily: every day; weekly: Mondays; monthly: the first of the month.
p_at_time: local time.
p_time_zone: IANA name of the zone.
p_around: the instant.
Returns: five runs, at least the last two before p_around and the next after it; period: the days that have ended when it runs.
$$;
