create or replace function coffee._release_stock(p_lot_id bigint, p_quantity integer, p_month date, p_reason text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_inventory_id uuid;
begin
  insert into coffee.stock_movements as m (inventory_id, lot_id, kind, stock_change, reserve_change, quota_month, reason, moved_at)
  select l.inventory_id, l.id, 'release', 0, -p_quantity, date_trunc('month', p_month)::date, p_reason, platform.now()
  from coffee.stock_lots as l
  where l.id = p_lot_id
  returning m.inventory_id into v_inventory_id;
  if not found then
    perform platform.fail('stock_lot_not_found', jsonb_build_object('lot_id', p_lot_id));
  end if;

  update coffee.roaster_quotas as q
  set used = q.used - p_quantity
  from coffee.coffee_inventory as i
  where i.id = v_inventory_id and q.roaster_id = i.roaster_id and q.month = date_trunc('month', p_month)::date;
end;
$$;

comment on function coffee._release_stock(bigint, integer, date, text) is $$
Take back what coffee._reserve_stock promised: the bags are free again, and so is the roaster's quota.
p_lot_id: the lot.
p_quantity: bags, no more than are promised of it.
p_month: any day of the box's month, as it was reserved.
p_reason: why, for the ledger.
Errors: MF006 stock_lot_not_found; 23514 when fewer are promised: a fault of the calling routine.
Locks: the row of coffee_inventory, then its lots, then the row of roaster_quotas. Whoever releases
several calls coffee._lock_stock first.
$$;
