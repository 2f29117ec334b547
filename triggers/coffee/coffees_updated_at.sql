-- A rating is not a change of the row.

create or replace trigger coffees_updated_at
  before update on coffee.coffees
  for each row
  when ((old.rating_total, old.total_reviews) = (new.rating_total, new.total_reviews))
  execute function platform.update_updated_at();
