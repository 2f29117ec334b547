-- What was told was told: without its row it would be told again.

create or replace trigger budget_alerts_keep
  before update or delete or truncate on marketing.budget_alerts
  for each statement
  execute function marketing._keep_rows();
