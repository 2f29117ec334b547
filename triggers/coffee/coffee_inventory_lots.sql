-- Who writes the stock of a coffee, and not a movement of one of its lots, has counted. The ledger gets the difference as an adjustment,
-- so lots and inventory agree whoever writes: what is more goes to the freshest lot (or to a new one), what is less is taken from the
-- oldest. What is promised to boxes cannot be counted: only the ledger says it.

create or replace function coffee._coffee_inventory_lots()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_change   integer;
  v_reserved integer;
  v_lot_id   bigint;
  v_today    date := (platform.now() at time zone 'UTC')::date;
begin
  select new.current_stock - coalesce(sum(l.remaining), 0), coalesce(sum(l.reserved), 0)
  into v_change, v_reserved
  from coffee.stock_lots as l
  where l.inventory_id = new.id and l.remaining > 0;

  if new.reserved_stock <> v_reserved then
    perform platform.fail('stock_reserved_by_ledger', jsonb_build_object(
      'coffee_id', new.coffee_id, 'unit', new.unit, 'reserved_stock', new.reserved_stock, 'reserved', v_reserved
    ));
  elsif v_change > 0 then
    select l.id into v_lot_id
    from coffee.stock_lots as l
    where l.inventory_id = new.id and l.best_before >= v_today
    order by l.roast_date desc, l.id
    limit 1;
    if not found then
      insert into coffee.stock_lots (inventory_id, roast_date, best_before, received_at, quantity)
      values (new.id, v_today, v_today + 180, platform.now(), v_change);
      return null;
    end if;
    insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change, reason, moved_at)
    values (new.id, v_lot_id, 'adjust', v_change, 0, 'counted', platform.now());
  elsif v_change < 0 then
    insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change, reason, moved_at)
    select new.id, t.id, 'adjust', -least(t.free, -v_change - t.before), 0, 'counted', platform.now()
    from (
      select l.id, l.remaining - l.reserved as free,
        sum(l.remaining - l.reserved) over (order by l.roast_date, l.id desc) - (l.remaining - l.reserved) as before
      from coffee.stock_lots as l
      where l.inventory_id = new.id and l.remaining > l.reserved
    ) as t
    where t.before < -v_change;
  end if;
  return null;
end;
$$;

comment on function coffee._coffee_inventory_lots() is $$
Trigger function: lots and ledger follow a stock that was written directly.
Returns: null (after trigger).
Errors: MF009 stock_reserved_by_ledger.
Locks: the lots of the row.
$$;

create or replace trigger coffee_inventory_lots_insert
  after insert on coffee.coffee_inventory
  for each row
  when (new.current_stock > 0 or new.reserved_stock > 0)
  execute function coffee._coffee_inventory_lots();

create or replace trigger coffee_inventory_lots_update
  after update of current_stock, reserved_stock on coffee.coffee_inventory
  for each row
  when ((old.current_stock, old.reserved_stock) is distinct from (new.current_stock, new.reserved_stock))
  execute function coffee._coffee_inventory_lots();
