-- A connection ends by its disconnected_at.

create or replace trigger account_connections_keep
  before delete or truncate on marketing.account_connections
  for each statement
  execute function marketing._keep_rows();

create or replace trigger account_connections_keep_identity
  before update of workspace_id, marketing_account_id on marketing.account_connections
  for each row
  execute function marketing._keep_identity('workspace_id', 'marketing_account_id');

create or replace trigger account_connections_updated_at
  before update on marketing.account_connections
  for each row
  execute function platform.update_updated_at();
