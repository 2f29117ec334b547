-- The period before a month is the month before, however many days that has; of all others it is as many days as they have themselves.
-- A year before, whole months are whole months again, so that February is compared with all of February; a week is the one 52 weeks before,
-- which has the same weekdays; other days are the same dates.

create or replace function marketing._compare_period(p_compare text, p_report_type text, p_period daterange)
  returns daterange
  language plpgsql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_from  constant date := lower(p_period);
  v_end   constant date := upper(p_period);
  v_other daterange;
begin
  if p_compare = 'none' then
    return null;
  end if;

  v_other := case
    when p_compare = 'previous' and p_report_type = 'monthly' then marketing._report_period('monthly', v_from - 1)
    when p_compare = 'previous' then daterange(v_from - (v_end - v_from), v_from)
    when p_compare = 'year' and p_report_type = 'weekly' then daterange(v_from - 364, v_end - 364)
    when p_compare = 'year' and extract(day from v_from) = 1 and extract(day from v_end) = 1 then
      daterange((v_from - interval '1 year')::date, (v_end - interval '1 year')::date)
    when p_compare = 'year' then daterange((v_from - interval '1 year')::date, (v_end - 1 - interval '1 year')::date, '[]')
    when p_compare ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
      daterange(split_part(p_compare, '/', 1)::date, split_part(p_compare, '/', 2)::date, '[]')
  end;
  if v_other <@ daterange('1900-01-01', '3000-01-01') and upper(v_other) - lower(v_other) <= 1101 then
    return v_other;
  end if;
  perform platform.fail('marketing_argument_invalid', jsonb_build_object(
    'argument', 'p_compare', 'value', p_compare,
    'problem', 'it is previous, year, none, or two days as 2026-01-01/2026-01-31, 1,100 days at most, from 1900 to 2999'
  ));
exception
  when data_exception then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_compare', 'value', p_compare, 'problem', 'there are no such days'
    ));
end;
$$;

comment on function marketing._compare_period(text, text, daterange) is $$
What a report is compared with.
p_compare: previous, year, none, or the first and the last day as 2026-01-01/2026-01-31.
p_report_type: of the report.
p_period: days of the report.
Returns: days of the other period; null for none.
Errors: MM005 marketing_argument_invalid.
$$;
