-- Who changed what of the catalogue. Ratings alone are no change.

create or replace trigger roasters_audit_insert
  after insert on coffee.roasters
  referencing new table as new_rows
  for each statement execute function platform.audit_row('id');

create or replace trigger roasters_audit_update
  after update on coffee.roasters
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('id', '-rating_total', '-total_reviews', '-average_rating', '-updated_at');

create or replace trigger roasters_audit_delete
  after delete on coffee.roasters
  referencing old table as old_rows
  for each statement execute function platform.audit_row('id');
