-- One function for every table that has an updated_at, so that nobody has to remember to set it:
-- create trigger … before update on … for each row execute function platform.update_updated_at();

create or replace function platform.update_updated_at()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.updated_at := platform.now();
  return new;
end;
$$;

comment on function platform.update_updated_at() is $$
Trigger function, before update for each row: sets updated_at to platform.now(), whatever the statement says.
Returns: the new row.
Errors: 42703 when the table has no column updated_at.
$$;
