-- A budget is closed, not deleted.

create or replace trigger budgets_keep
  before delete or truncate on marketing.budgets
  for each statement
  execute function marketing._keep_rows();
