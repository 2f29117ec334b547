-- requires: procedures/coffee/_find_taste.sql
--
-- In place of a foreign key, which would lock every partition. The user is the record's, kept here for an index.

create or replace function coffee._taste_record_flavors_record()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.user_id := (coffee._find_taste(new.record_id, new.record_created_at)).user_id;
  return new;
end;
$$;

comment on function coffee._taste_record_flavors_record() is $$
Trigger function: refuses a flavour of a record that does not exist; the user is the record's.
Returns: the new row.
Errors: MF100 taste_record_not_found.
Locks: the record's row, against deletion.
$$;

create or replace trigger taste_record_flavors_record
  before insert or update of record_id, record_created_at, user_id on coffee.taste_record_flavors
  for each row
  execute function coffee._taste_record_flavors_record();
