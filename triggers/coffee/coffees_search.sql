-- What is found by its name ranks before what is found by its origin, and so on, as the specification weighs them.

create or replace function coffee.update_coffee_search_vector()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.search_vector :=
    setweight(to_tsvector('simple', new.name), 'A')
    || setweight(to_tsvector('simple', new.origin_country), 'B')
    || setweight(to_tsvector('simple', concat_ws(' ', new.origin_region, new.origin_farm)), 'C')
    || setweight(to_tsvector('simple', concat_ws(' ', new.variety, new.processing_method)), 'D');
  return new;
end;
$$;

comment on function coffee.update_coffee_search_vector() is $$
Trigger function: search_vector follows name (A), country (B), region and farm (C), variety and process (D).
Returns: the new row.
Source: specification 000, update_coffee_search_vector.
$$;

create or replace trigger update_coffee_search_vector_trigger
  before insert or update of name, origin_country, origin_region, origin_farm, variety, processing_method, search_vector on coffee.coffees
  for each row
  execute function coffee.update_coffee_search_vector();
