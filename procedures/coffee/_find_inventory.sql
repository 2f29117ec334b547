create or replace function coffee._find_inventory(p_coffee_id uuid, p_unit text)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_inventory_id uuid;
  v_coffee       record;
begin
  if p_unit is distinct from '60g' and p_unit is distinct from '100g' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_unit', 'value', p_unit, 'problem', 'it is 60g or 100g'
    ));
  end if;

  select i.id into v_inventory_id from coffee.coffee_inventory as i where i.coffee_id = p_coffee_id and i.unit = p_unit;
  if found then
    return v_inventory_id;
  end if;

  select c.roaster_id, case p_unit when '60g' then c.subscription_price_60g else c.subscription_price_100g end as price
  into v_coffee
  from coffee.coffees as c
  where c.id = p_coffee_id;
  if not found then
    perform platform.fail('coffee_not_found', jsonb_build_object('coffee_id', p_coffee_id));
  elsif v_coffee.price is null then
    perform platform.fail('coffee_price_missing', jsonb_build_object('coffee_id', p_coffee_id, 'unit', p_unit));
  end if;

  insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price)
  values (p_coffee_id, v_coffee.roaster_id, p_unit, v_coffee.price)
  on conflict (coffee_id, unit) do nothing;
  select i.id into v_inventory_id from coffee.coffee_inventory as i where i.coffee_id = p_coffee_id and i.unit = p_unit;
  return v_inventory_id;
end;
$$;

comment on function coffee._find_inventory(uuid, text) is $$
The inventory row of a coffee in a size; it is made when there is none.
p_coffee_id: the coffee.
p_unit: 60g or 100g.
Returns: its id.
Errors: MF002 coffee_argument_invalid, MF004 coffee_not_found, MF007 coffee_price_missing.
$$;
