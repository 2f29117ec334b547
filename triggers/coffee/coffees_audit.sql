-- Who changed what of the catalogue. Ratings alone are no change.

create or replace trigger coffees_audit_insert
  after insert on coffee.coffees
  referencing new table as new_rows
  for each statement execute function platform.audit_row('id');

create or replace trigger coffees_audit_update
  after update on coffee.coffees
  referencing old table as old_rows new table as new_rows
  for each statement execute function platform.audit_row('id', '-rating_total', '-total_reviews', '-average_rating', '-updated_at', '-search_vector');

create or replace trigger coffees_audit_delete
  after delete on coffee.coffees
  referencing old table as old_rows
  for each statement execute function platform.audit_row('id');
