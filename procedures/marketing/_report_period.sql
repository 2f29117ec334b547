-- Whole days, weeks from Monday, months: what a type of report is about.

create or replace function marketing._report_period(p_report_type text, p_day date)
  returns daterange
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select case p_report_type
    when 'daily' then daterange(p_day, p_day, '[]')
    when 'weekly' then daterange(date_trunc('week', p_day::timestamp)::date, date_trunc('week', p_day::timestamp)::date + 7)
    when 'monthly' then daterange(
      date_trunc('month', p_day::timestamp)::date, (date_trunc('month', p_day::timestamp) + interval '1 month')::date
    )
  end;
$$;

comment on function marketing._report_period(text, date) is $$
The day, week or month that a day lies in.
p_report_type: daily, weekly or monthly.
p_day: any day of it.
Returns: its days; null for another type.
$$;
