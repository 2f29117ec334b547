-- A lot comes in by its ledger like everything that happens to it later.

create or replace function coffee._stock_lots_new()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.remaining := 0;
  new.reserved := 0;
  return new;
end;
$$;

comment on function coffee._stock_lots_new() is $$
Trigger function: a new lot is empty until the ledger says otherwise.
Returns: the new row.
$$;

create or replace trigger stock_lots_new
  before insert on coffee.stock_lots
  for each row
  execute function coffee._stock_lots_new();

create or replace function coffee._stock_lots_receive()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into coffee.stock_movements (inventory_id, lot_id, kind, stock_change, reserve_change, moved_at)
  select l.inventory_id, l.id, 'receive', l.quantity, 0, l.received_at
  from new_rows as l;
  return null;
end;
$$;

comment on function coffee._stock_lots_receive() is $$
Trigger function: the ledger of a new lot begins with what came in.
Returns: null (after trigger).
Locks: the rows of coffee_inventory.
$$;

create or replace trigger stock_lots_receive
  after insert on coffee.stock_lots
  referencing new table as new_rows
  for each statement
  execute function coffee._stock_lots_receive();
