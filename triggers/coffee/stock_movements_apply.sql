-- The ledger is what is written, and lots and inventory follow it, whoever writes. The inventory is set to what its lots sum to, so it
-- cannot come apart from them. Its row is locked before the lots, and lots are changed under that lock only: nobody deadlocks over them.

create or replace function coffee._stock_movements_apply()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform
  from coffee.coffee_inventory as i
  where i.id in (select m.inventory_id from new_rows as m)
  order by i.coffee_id, i.unit
  for no key update;

  update coffee.stock_lots as l
  set quantity = greatest(l.quantity, l.remaining + m.stock_change),
    remaining = l.remaining + m.stock_change,
    reserved = l.reserved + m.reserve_change
  from (
    select n.lot_id, sum(n.stock_change)::integer as stock_change, sum(n.reserve_change)::integer as reserve_change
    from new_rows as n
    group by n.lot_id
  ) as m
  where l.id = m.lot_id;

  update coffee.coffee_inventory as i
  set current_stock = s.remaining, reserved_stock = s.reserved
  from (select distinct m.inventory_id from new_rows as m) as m
  cross join lateral (
    select coalesce(sum(l.remaining), 0)::integer as remaining, coalesce(sum(l.reserved), 0)::integer as reserved
    from coffee.stock_lots as l
    where l.inventory_id = m.inventory_id and l.remaining > 0
  ) as s
  where i.id = m.inventory_id and (i.current_stock, i.reserved_stock) <> (s.remaining, s.reserved);
  return null;
end;
$$;

comment on function coffee._stock_movements_apply() is $$
Trigger function: lots and inventory follow the ledger.
Returns: null (after trigger).
Errors: 23514 stock_lots_remaining_check when a movement takes what is not there.
Locks: the rows of coffee_inventory by (coffee_id, unit), then their lots.
$$;

create or replace trigger stock_movements_apply
  after insert on coffee.stock_movements
  referencing new table as new_rows
  for each statement
  execute function coffee._stock_movements_apply();
