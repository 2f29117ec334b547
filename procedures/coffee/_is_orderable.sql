create or replace function coffee._is_orderable(p_coffee_id uuid, p_unit text)
  returns boolean
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select
    from coffee.coffees as c
    join coffee.coffee_inventory as i on i.coffee_id = c.id and i.unit = p_unit
    where c.id = p_coffee_id and c.available_for_subscription and i.is_available
  )
$$;

comment on function coffee._is_orderable(uuid, text) is $$
Whether a coffee can be put into boxes. Stock is not looked at: it is reserved when the box is packed.
p_coffee_id: the coffee.
p_unit: size of the bag.
Returns: true when it is offered for subscriptions and sold in that size.
$$;
