create or replace function marketing._check_report(p_title text, p_report_type text, p_types text[], p_config jsonb)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_title is null or p_report_type is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object(
      'argument', case when p_title is null then 'p_title' else 'p_report_type' end
    ));
  end if;
  if length(p_title) not between 1 and 255 or p_title !~ '\S' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_title', 'value', left(p_title, 300), 'problem', 'it has 1 to 255 characters'
    ));
  end if;
  if p_report_type <> all (p_types) then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_report_type', 'value', p_report_type, 'problem', 'it is one of ' || array_to_string(p_types, ', ')
    ));
  end if;
  perform marketing._check_report_config(coalesce(p_config, '{}'));
end;
$$;

comment on function marketing._check_report(text, text, text[], jsonb) is $$
Refuse what no report and no schedule can be.
p_title: its title.
p_report_type: its type.
p_types: types that it may be of.
p_config: its configuration; null is {}.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid; those of _check_report_config.
$$;
