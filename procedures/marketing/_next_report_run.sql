create or replace function marketing._next_report_run(p_report_type text, p_at_time time, p_time_zone text, p_after timestamptz)
  returns timestamptz
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select min(r.run_at)
  from marketing._report_runs(p_report_type, p_at_time, p_time_zone, p_after) as r
  where r.run_at > p_after;
$$;

comment on function marketing._next_report_run(text, time, text, timestamptz) is $$
When a schedule runs next.
p_report_type: daily, weekly or monthly.
p_at_time: local time.
p_time_zone: IANA name of the zone.
p_after: the run is later than this.
Returns: the instant.
$$;
