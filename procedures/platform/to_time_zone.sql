create or replace function platform.to_time_zone(p_time_zone text)
  returns platform.time_zone
  language plpgsql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_time_zone platform.time_zone;
begin
  v_time_zone := p_time_zone;
  return v_time_zone;
exception
  when check_violation or invalid_parameter_value then
    perform platform.fail('unknown_time_zone', jsonb_build_object('time_zone', p_time_zone));
end;
$$;

comment on function platform.to_time_zone(text) is $$
Check the time zone that a caller gave.
p_time_zone: its IANA name, such as Asia/Seoul.
Returns: the same as a platform.time_zone; null for null.
Errors: MP033 unknown_time_zone when it is not of the domain's form, or the server does not know it.
$$;
