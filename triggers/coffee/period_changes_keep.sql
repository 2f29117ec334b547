-- What was said about a period that has been billed is what its bill and its box are made from.

create or replace trigger period_changes_keep
  before insert or update or delete on coffee.period_changes
  for each row
  execute function coffee._keep_billed('period_index');

create or replace trigger period_changes_keep_all
  before truncate on coffee.period_changes
  for each statement
  execute function coffee._keep_rows();
