-- Who paused which job, and when a deploy changed one.

create or replace trigger jobs_audit_insert
  after insert on platform.jobs
  referencing new table as new_rows
  for each statement execute function platform.audit_row('name');

create or replace trigger jobs_audit_update
  after update on platform.jobs
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('name');

create or replace trigger jobs_audit_delete
  after delete on platform.jobs
  referencing old table as old_rows
  for each statement execute function platform.audit_row('name');
