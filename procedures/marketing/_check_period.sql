create or replace function marketing._check_period(p_from date, p_to date)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_from is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_from'));
  elsif p_to is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_to'));
  elsif p_to < p_from or not isfinite(p_from) or not isfinite(p_to) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_to', 'value', p_to, 'problem', format('it is a day, not before p_from (%s)', p_from)
    ));
  end if;
end;
$$;

comment on function marketing._check_period(date, date) is $$
Check the first and the last day of a period.
p_from and p_to: the days, both within.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid.
$$;
