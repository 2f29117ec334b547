-- Who made and changed which plan. Deleting and truncating are refused.

create or replace trigger plans_audit_insert
  after insert on coffee.plans
  referencing new table as new_rows
  for each statement execute function platform.audit_row('id');

create or replace trigger plans_audit_update
  after update on coffee.plans
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('id');
