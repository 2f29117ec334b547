-- Who made, changed and lifted which limit.

create or replace trigger policy_limits_audit_insert
  after insert on coupon.policy_limits
  referencing new table as new_rows
  for each statement execute function platform.audit_row('id');

create or replace trigger policy_limits_audit_update
  after update on coupon.policy_limits
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('id');

create or replace trigger policy_limits_audit_delete
  after delete on coupon.policy_limits
  referencing old table as old_rows
  for each statement execute function platform.audit_row('id');
