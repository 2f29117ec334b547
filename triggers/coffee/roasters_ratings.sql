-- requires: procedures/coffee/_keep_rows.sql
--
-- Written by the trigger on coffees (depth 1 and more), and by nobody else.

create or replace trigger roasters_ratings_keep_insert
  before insert on coffee.roasters
  for each row
  when (new.rating_total <> 0 or new.total_reviews <> 0)
  execute function coffee._keep_rows();

create or replace trigger roasters_ratings_keep_update
  before update on coffee.roasters
  for each row
  when (pg_trigger_depth() = 0 and (old.rating_total, old.total_reviews) <> (new.rating_total, new.total_reviews))
  execute function coffee._keep_rows();
