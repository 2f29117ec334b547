create or replace function marketing._find_report_period(p_workspace_id bigint, p_report_type text, p_from date, p_to date)
  returns daterange
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_period  daterange;
  v_today   date;
  v_problem text;
begin
  if p_from is null and p_to is null and p_report_type <> 'custom' then
    select (platform.now() at time zone w.time_zone)::date into v_today from marketing.workspaces as w where w.id = p_workspace_id;
    v_period := marketing._report_period(p_report_type, v_today);
    return marketing._report_period(p_report_type, lower(v_period) - 1);
  end if;

  case
    when p_from is null or (p_to is null and p_report_type = 'custom') then v_problem := 'it needs a first and a last day';
    when p_from < '1900-01-01' or greatest(p_from, p_to) > '2999-12-31' then v_problem := 'it lies between 1900 and 2999';
    when p_to is null then return marketing._report_period(p_report_type, p_from);
    when p_to < p_from then v_problem := 'the last day lies before the first';
    when p_to - p_from > 1100 then v_problem := 'it would be longer than 1,100 days';
    when p_report_type <> 'custom' and daterange(p_from, p_to, '[]') <> marketing._report_period(p_report_type, p_from) then
      v_problem := format('a %s report is of a whole day, week from Monday, or month', p_report_type);
    else return daterange(p_from, p_to, '[]');
  end case;
  perform platform.fail('report_period_invalid', jsonb_build_object('from', p_from, 'to', p_to, 'problem', v_problem));
end;
$$;

comment on function marketing._find_report_period(bigint, text, date, date) is $$
The days of a report.
p_workspace_id: workspace, whose zone says which day is today.
p_report_type: daily, weekly, monthly or custom.
p_from: first day; null with p_to: the last period that is over.
p_to: last day; null: the end of the period that p_from lies in.
Returns: the days.
Errors: MM132 report_period_invalid.
$$;
