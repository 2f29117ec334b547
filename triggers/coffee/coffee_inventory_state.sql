-- Since when there is little or nothing left follows from the numbers in the row, so nobody has to remember to write it.

create or replace function coffee._coffee_inventory_state()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_free integer := new.current_stock - new.reserved_stock;
begin
  if tg_op = 'UPDATE' then
    new.out_of_stock_at := old.out_of_stock_at;
    new.low_stock_since := old.low_stock_since;
    new.low_stock_alerts := old.low_stock_alerts;
    new.updated_at := platform.now();
    if new.low_stock_since is null and v_free <= new.min_stock_alert then
      new.low_stock_alerts := old.low_stock_alerts + 1;
    end if;
  else
    new.out_of_stock_at := null;
    new.low_stock_since := null;
    new.low_stock_alerts := 0;
  end if;
  new.out_of_stock_at := case when v_free = 0 then coalesce(new.out_of_stock_at, platform.now()) end;
  new.low_stock_since := case when v_free <= new.min_stock_alert then coalesce(new.low_stock_since, platform.now()) end;
  return new;
end;
$$;

comment on function coffee._coffee_inventory_state() is $$
Trigger function: out_of_stock_at, low_stock_since, low_stock_alerts and updated_at follow the stock. What is low from its first day has
not fallen, and counts as no alert.
Returns: the new row.
$$;

create or replace trigger coffee_inventory_state
  before insert or update on coffee.coffee_inventory
  for each row
  execute function coffee._coffee_inventory_state();
