-- What was in force when a period was billed is what its box holds, whenever that is packed: it is neither changed nor added afterwards.

create or replace trigger subscription_items_keep
  before insert or update or delete on coffee.subscription_items
  for each row
  execute function coffee._keep_billed('valid_from');

create or replace trigger subscription_items_keep_all
  before truncate on coffee.subscription_items
  for each statement
  execute function coffee._keep_rows();
