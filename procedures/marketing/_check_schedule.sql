create or replace function marketing._check_schedule(
  p_title text, p_report_type text, p_at_time time, p_config jsonb, p_compare text
)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform marketing._check_report(p_title, p_report_type, '{daily,weekly,monthly}', p_config);
  if p_at_time is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_at_time'));
  end if;
  if p_at_time = '24:00' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_at_time', 'value', p_at_time, 'problem', 'midnight is 00:00'
    ));
  end if;
  if coalesce(p_compare, 'previous') not in ('previous', 'year', 'none') then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_compare', 'value', p_compare, 'problem', 'it is previous, year or none'
    ));
  end if;
end;
$$;

comment on function marketing._check_schedule(text, text, time, jsonb, text) is $$
Refuse what no schedule can be.
p_title: title of its reports.
p_report_type: their type.
p_at_time: when it runs.
p_config: their configuration; null is {}.
p_compare: what they are compared with; null is previous.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid; those of _check_report.
$$;
