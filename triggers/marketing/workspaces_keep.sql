-- Rows of every room speak of workspaces.

create or replace trigger workspaces_keep
  before delete or truncate on marketing.workspaces
  for each statement
  execute function marketing._keep_rows();

create or replace trigger workspaces_keep_identity
  before update of id on marketing.workspaces
  for each row
  execute function marketing._keep_identity('id');

create or replace trigger workspaces_updated_at
  before update on marketing.workspaces
  for each row
  execute function platform.update_updated_at();
