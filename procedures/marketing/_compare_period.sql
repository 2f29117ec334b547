-- The period before a month is the month before, however many days that has; of all others it is as many days as they have themselves.
-- A year before counts from the end of the period, so that February is compared with the whole of February.

create or replace function marketing._compare_period(p_compare text, p_report_type text, p_period daterange)
  returns daterange
  language plpgsql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_from date;
  v_to   date;
begin
  case
    when p_compare = 'none' then
      return null;
    when p_compare = 'previous' and p_report_type = 'monthly' then
      return marketing._report_period('monthly', lower(p_period) - 1);
    when p_compare = 'previous' then
      return daterange(lower(p_period) - (upper(p_period) - lower(p_period)), lower(p_period));
    when p_compare = 'year' then
      return daterange((lower(p_period) - interval '1 year')::date, (upper(p_period) - interval '1 year')::date);
    when p_compare ~ '^\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d$' then
      v_from := split_part(p_compare, '/', 1)::date;
      v_to := split_part(p_compare, '/', 2)::date;
      if v_to between v_from and v_from + 1100 then
        return daterange(v_from, v_to, '[]');
      end if;
    else
  end case;
  perform platform.fail('marketing_argument_invalid', jsonb_build_object(
    'argument', 'p_compare', 'value', p_compare,
    'problem', 'it is previous, year, none, or two days as 2026-01-01/2026-01-31, 1100 days at most'
  ));
exception
  when datetime_field_overflow then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_compare', 'value', p_compare, 'problem', 'there is no such day'
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
