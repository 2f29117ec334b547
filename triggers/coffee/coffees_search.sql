-- What is found by its name ranks before what is found by its origin, and so on, as the specification weighs them. Notes are whatever
-- strings there are in them, however deep.

create or replace function coffee.update_coffee_search_vector()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_roaster text := (select r.name from coffee.roasters as r where r.id = new.roaster_id);
  v_notes   text := (
    select string_agg(n.note #>> '{}', ' ') from jsonb_path_query(new.roaster_notes, 'strict $.**') as n (note) where jsonb_typeof(n.note) = 'string'
  );
begin
  new.search_vector :=
    setweight(coalesce(platform.search_vector(new.name), ''), 'A')
    || setweight(coalesce(platform.search_vector(new.origin_country), ''), 'B')
    || setweight(platform.search_vector(concat_ws(' ', new.origin_region, new.origin_farm, v_roaster)), 'C')
    || setweight(platform.search_vector(concat_ws(' ', new.variety, new.processing_method, v_notes)), 'D');
  return new;
end;
$$;

comment on function coffee.update_coffee_search_vector() is $$
Trigger function: search_vector follows name (A), country (B), region, farm and roaster (C), variety, process and notes (D).
Returns: the new row.
Source: specification 000, update_coffee_search_vector.
$$;

create or replace trigger update_coffee_search_vector_trigger
  before insert or update of
    name, roaster_id, origin_country, origin_region, origin_farm, variety, processing_method, roaster_notes, search_vector
  on coffee.coffees
  for each row
  execute function coffee.update_coffee_search_vector();
