-- Coffees are found by their roaster's name, too.

create or replace function coffee._roasters_search()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update coffee.coffees as c set search_vector = '' where c.roaster_id = new.id;
  return null;
end;
$$;

comment on function coffee._roasters_search() is $$
Trigger function: the search_vector of a roaster's coffees is made anew (by their own trigger).
Returns: null (after trigger).
Locks: the rows of these coffees.
$$;

create or replace trigger roasters_search
  after update of name on coffee.roasters
  for each row
  when (old.name <> new.name)
  execute function coffee._roasters_search();
