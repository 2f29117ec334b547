-- A bag has one price in two places, because the specification has both. Whichever is written, the other follows; each writes only what
-- differs, so it ends there.

create or replace function coffee._coffee_inventory_price()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if new.unit = '60g' then
    update coffee.coffees as c
    set subscription_price_60g = new.unit_price
    where c.id = new.coffee_id and c.subscription_price_60g is distinct from new.unit_price;
  else
    update coffee.coffees as c
    set subscription_price_100g = new.unit_price
    where c.id = new.coffee_id and c.subscription_price_100g is distinct from new.unit_price;
  end if;
  return null;
end;
$$;

comment on function coffee._coffee_inventory_price() is $$
Trigger function: the coffee's price of this size follows.
Returns: null (after trigger).
Locks: the row of coffees, when the price differs.
$$;

create or replace trigger coffee_inventory_price_insert
  after insert on coffee.coffee_inventory
  for each row
  execute function coffee._coffee_inventory_price();

create or replace trigger coffee_inventory_price_update
  after update of unit_price on coffee.coffee_inventory
  for each row
  when (old.unit_price <> new.unit_price)
  execute function coffee._coffee_inventory_price();
