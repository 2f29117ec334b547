create or replace function coffee.list_lots(p_coffee_id uuid, p_unit text, p_only_remaining boolean default true)
  returns setof coffee.stock_lots
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select l.*
  from coffee.coffee_inventory as i
  join coffee.stock_lots as l on l.inventory_id = i.id
  where i.coffee_id = p_coffee_id and i.unit = p_unit and (l.remaining > 0 or p_only_remaining is false)
  order by l.roast_date desc, l.id
$$;

comment on function coffee.list_lots(uuid, text, boolean) is $$
The lots of a coffee in one size, freshest roast first, as boxes get them.
p_coffee_id: the coffee.
p_unit: 60g or 100g.
p_only_remaining: false: with those that are used up.
Returns: rows of coffee.stock_lots; none for what was never received.
$$;
