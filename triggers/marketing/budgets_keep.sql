-- A budget is closed, not deleted. Its revision is counted by triggers/marketing/budgets_revision.sql alone: another would tell its levels
-- again.

create or replace trigger budgets_keep
  before delete or truncate on marketing.budgets
  for each statement
  execute function marketing._keep_rows();

create or replace trigger budgets_keep_identity
  before update of id, workspace_id, revision on marketing.budgets
  for each row
  execute function marketing._keep_identity('id', 'workspace_id', 'revision');
