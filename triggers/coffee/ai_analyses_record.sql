-- requires: procedures/coffee/_find_taste.sql
--
-- In place of a foreign key, which would lock every partition.

create or replace function coffee._ai_analyses_record()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform coffee._find_taste(new.record_id, new.record_created_at);
  return new;
end;
$$;

comment on function coffee._ai_analyses_record() is $$
Trigger function: refuses an analysis of a record that does not exist.
Returns: the new row.
Errors: MF100 taste_record_not_found.
Locks: the record's row, against deletion.
$$;

create or replace trigger ai_analyses_record
  before insert or update of record_id, record_created_at on coffee.ai_analyses
  for each row
  execute function coffee._ai_analyses_record();
