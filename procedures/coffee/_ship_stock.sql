create or replace function coffee._ship_stock(p_lot_id bigint, p_quantity integer)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change, moved_at)
  select l.inventory_id, l.id, 'ship', -p_quantity, -p_quantity, platform.now()
  from coffee.stock_lots as l
  where l.id = p_lot_id;
  if not found then
    perform platform.fail('stock_lot_not_found', jsonb_build_object('lot_id', p_lot_id));
  end if;
end;
$$;

comment on function coffee._ship_stock(bigint, integer) is $$
Take promised bags off the shelf: the box has left the house.
p_lot_id: the lot.
p_quantity: bags, no more than are promised of it.
Errors: MF006 stock_lot_not_found; 23514 when fewer are promised: a fault of the calling routine.
Locks: the row of coffee_inventory, then its lots. Several are shipped by ascending (coffee_id, unit).
$$;
