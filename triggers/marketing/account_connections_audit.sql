-- Who connected what, and when; tokens are not kept.

create or replace trigger account_connections_audit_insert
  after insert on marketing.account_connections
  referencing new table as new_rows
  for each statement execute function platform.audit_row('workspace_id,marketing_account_id', 'access_token', 'refresh_token');

create or replace trigger account_connections_audit_update
  after update on marketing.account_connections
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('workspace_id,marketing_account_id', 'access_token', 'refresh_token');
