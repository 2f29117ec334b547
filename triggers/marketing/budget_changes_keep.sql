-- What was is a record.

create or replace trigger budget_changes_keep
  before update or delete or truncate on marketing.budget_changes
  for each statement
  execute function marketing._keep_rows();
