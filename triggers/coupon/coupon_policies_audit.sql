-- Who made and changed which policy. The hourly refresh of the count is no change of a policy. Deleting and truncating are refused.

create or replace trigger coupon_policies_audit_insert
  after insert on coupon.coupon_policies
  referencing new table as new_rows
  for each statement execute function platform.audit_row('id');

create or replace trigger coupon_policies_audit_update
  after update on coupon.coupon_policies
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('id', '-current_issue_count');
