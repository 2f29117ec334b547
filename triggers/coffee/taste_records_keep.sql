-- requires: procedures/coffee/_keep_rows.sql
--
-- The id is what companions of a record find it by when its time is set right; and without its rows no sum would know what to take off.

create or replace trigger taste_records_keep_id
  before update of id on coffee.taste_records
  for each row
  when (old.id <> new.id)
  execute function coffee._keep_rows();

create or replace trigger taste_records_keep_all
  before truncate on coffee.taste_records
  for each statement
  execute function coffee._keep_rows();
