-- requires: procedures/coffee/_keep_rows.sql
--
-- A ledger that can be edited proves nothing.

create or replace trigger stock_movements_keep
  before update or delete on coffee.stock_movements
  for each row
  execute function coffee._keep_rows();

create or replace trigger stock_movements_keep_all
  before truncate on coffee.stock_movements
  for each statement
  execute function coffee._keep_rows();
