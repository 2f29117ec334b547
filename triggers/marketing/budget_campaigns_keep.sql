-- A row is inserted or deleted: then its budget follows.

create or replace trigger budget_campaigns_keep
  before update or truncate on marketing.budget_campaigns
  for each statement
  execute function marketing._keep_rows();
