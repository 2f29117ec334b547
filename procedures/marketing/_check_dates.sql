create or replace function marketing._check_dates(p_from date, p_to date)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_from is null or p_to is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object(
      'argument', case when p_from is null then 'p_from' else 'p_to' end
    ));
  elsif p_from < '1900-01-01' or p_to > '2999-12-31' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', case when p_from < '1900-01-01' then 'p_from' else 'p_to' end,
      'value', case when p_from < '1900-01-01' then p_from else p_to end,
      'problem', 'it is 1900-01-01 to 2999-12-31'
    ));
  elsif p_to < p_from then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_to', 'value', p_to, 'problem', format('it is not before %s', p_from)
    ));
  elsif p_to - p_from > 3660 then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_to', 'value', p_to, 'problem', format('it is at most 3660 days after %s', p_from)
    ));
  end if;
end;
$$;

comment on function marketing._check_dates(date, date) is $$
Refuse a range of days that is none, or over ten years long.
p_from, p_to: first and last day, the caller's arguments of these names.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid.
$$;
