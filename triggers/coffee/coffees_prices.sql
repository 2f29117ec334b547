-- See coffee_inventory_price.

create or replace function coffee._coffees_prices()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform from coffee.coffee_inventory as i where i.coffee_id = new.id order by i.unit for no key update;
  update coffee.coffee_inventory as i
  set unit_price = p.price
  from (values ('60g', new.subscription_price_60g), ('100g', new.subscription_price_100g)) as p (unit, price)
  where i.coffee_id = new.id and i.unit = p.unit and i.unit_price is distinct from p.price;
  return null;
end;
$$;

comment on function coffee._coffees_prices() is $$
Trigger function: the prices in the stock follow the coffee's.
Returns: null (after trigger).
Errors: 23502 when the price of what is in the stock is taken away.
Locks: the coffee's rows of coffee_inventory, by ascending unit.
$$;

create or replace trigger coffees_prices
  after update of subscription_price_60g, subscription_price_100g on coffee.coffees
  for each row
  when (
    (old.subscription_price_60g, old.subscription_price_100g) is distinct from (new.subscription_price_60g, new.subscription_price_100g)
  )
  execute function coffee._coffees_prices();
