create or replace function coffee._find_flavor(p_code text)
  returns bigint
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id bigint;
begin
  select f.id into v_id from coffee.flavors as f where f.code = p_code;
  if not found then
    perform platform.fail('flavor_not_found', jsonb_build_object('flavor', p_code));
  end if;
  return v_id;
end;
$$;

comment on function coffee._find_flavor(text) is $$
Find a flavour of the wheel.
p_code: its code.
Returns: its id.
Errors: MF102 flavor_not_found.
$$;
