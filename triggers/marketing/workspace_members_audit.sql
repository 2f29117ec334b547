-- Who let whom in, and out.

create or replace trigger workspace_members_audit_insert
  after insert on marketing.workspace_members
  referencing new table as new_rows
  for each statement execute function platform.audit_row('workspace_id,user_id');

create or replace trigger workspace_members_audit_update
  after update on marketing.workspace_members
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('workspace_id,user_id');

create or replace trigger workspace_members_audit_delete
  after delete on marketing.workspace_members
  referencing old table as old_rows
  for each statement execute function platform.audit_row('workspace_id,user_id');
