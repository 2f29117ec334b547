-- requires: procedures/coffee/_keep_rows.sql
--
-- What is in a lot is written by the ledger's trigger (depth 1 and more). Code and dates may be corrected.

create or replace trigger stock_lots_keep
  before update on coffee.stock_lots
  for each row
  when (
    pg_trigger_depth() = 0
    and (old.id, old.inventory_id, old.quantity, old.remaining, old.reserved)
      is distinct from (new.id, new.inventory_id, new.quantity, new.remaining, new.reserved)
  )
  execute function coffee._keep_rows();

create or replace trigger stock_lots_keep_rows
  before delete on coffee.stock_lots
  for each row
  execute function coffee._keep_rows();

create or replace trigger stock_lots_keep_all
  before truncate on coffee.stock_lots
  for each statement
  execute function coffee._keep_rows();
