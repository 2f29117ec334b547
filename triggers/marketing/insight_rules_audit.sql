-- Who made and changed which rule.

create or replace trigger insight_rules_audit_insert
  after insert on marketing.insight_rules
  referencing new table as new_rows
  for each statement execute function platform.audit_row('code');

create or replace trigger insight_rules_audit_update
  after update on marketing.insight_rules
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('code');

create or replace trigger insight_rules_audit_delete
  after delete on marketing.insight_rules
  referencing old table as old_rows
  for each statement execute function platform.audit_row('code');
