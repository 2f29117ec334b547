create or replace function coffee._to_point(p_longitude numeric, p_latitude numeric)
  returns point
  language plpgsql
  immutable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if num_nulls(p_longitude, p_latitude) = 1 then
    perform platform.fail('coffee_argument_missing', jsonb_build_object(
      'argument', case when p_longitude is null then 'p_longitude' else 'p_latitude' end
    ));
  elsif p_longitude not between -180 and 180 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_longitude', 'value', p_longitude, 'problem', 'it is between -180 and 180'));
  elsif p_latitude not between -90 and 90 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_latitude', 'value', p_latitude, 'problem', 'it is between -90 and 90'));
  end if;
  return point(p_longitude, p_latitude);
end;
$$;

comment on function coffee._to_point(numeric, numeric) is $$
Make a place of two numbers.
p_longitude: degrees east, -180 to 180.
p_latitude: degrees north, -90 to 90.
Returns: point(longitude, latitude); null when both are null.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid.
$$;
