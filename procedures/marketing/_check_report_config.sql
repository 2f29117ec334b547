-- What is not understood is refused when it is asked for: a report that leaves out what was wanted is found out by nobody.

create or replace function marketing._check_report_config(p_config jsonb)
  returns void
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_key     text;
  v_value   jsonb;
  v_problem text;
begin
  if jsonb_typeof(p_config) is distinct from 'object' then
    perform platform.fail('report_config_invalid', jsonb_build_object(
      'key', '', 'value', p_config, 'problem', 'a configuration is a JSON object'
    ));
  end if;

  for v_key, v_value in select c.key, c.value from jsonb_each(p_config) as c order by c.key loop
    v_problem := case v_key
      when 'channels' then marketing._check_names(
        v_value, array(select c.name from marketing.channels as c), 'the names in marketing.channels'
      )
      when 'metrics' then marketing._check_names(v_value, marketing._report_metrics(), array_to_string(marketing._report_metrics(), ', '))
      when 'formats' then marketing._check_names(v_value, '{xlsx,pdf}', 'xlsx, pdf')
      when 'language' then case when v_value not in ('"ko"', '"en"') then 'it is "ko" or "en"' end
      when 'currency' then case
        when jsonb_typeof(v_value) <> 'string' or not exists (select from platform.currencies as c where c.code = v_value #>> '{}')
        then 'it is the code of a currency of platform.currencies'
      end
      else 'the keys are channels, metrics, currency, formats and language'
    end;
    if v_problem is not null then
      perform platform.fail('report_config_invalid', jsonb_build_object('key', v_key, 'value', v_value, 'problem', v_problem));
    end if;
  end loop;
end;
$$;

comment on function marketing._check_report_config(jsonb) is $$
Refuse a configuration of reports that holds what no report can do.
p_config: as marketing.request_report takes it.
Errors: MM131 report_config_invalid (key, value, problem in the detail).
$$;
