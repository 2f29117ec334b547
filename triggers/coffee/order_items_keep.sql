-- requires: procedures/coffee/_keep_rows.sql

create or replace trigger order_items_keep
  before update or delete or truncate on coffee.order_items
  for each statement
  execute function coffee._keep_rows();
