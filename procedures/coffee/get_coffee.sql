create or replace function coffee.get_coffee(p_coffee_id uuid)
  returns coffee.coffees
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_coffee coffee.coffees;
begin
  select c.* into v_coffee from coffee.coffees as c where c.id = p_coffee_id;
  if not found then
    perform platform.fail('coffee_not_found', jsonb_build_object('coffee_id', p_coffee_id));
  end if;
  return v_coffee;
end;
$$;

comment on function coffee.get_coffee(uuid) is $$
All that is known of a coffee.
p_coffee_id: the coffee.
Returns: the row of coffee.coffees.
Errors: MF004 coffee_not_found.
$$;
