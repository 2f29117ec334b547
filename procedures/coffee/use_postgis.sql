-- Nothing here needs PostGIS. Who has it may want to ask in its terms: for that there are an index and a view, made only where it
-- is. So the right to read the view is given here and not in grants.sql.

create or replace function coffee.use_postgis()
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_schema   name;
  v_location text;
begin
  select n.nspname into v_schema
  from pg_extension as e
  join pg_namespace as n on n.oid = e.extnamespace
  where e.extname = 'postgis';
  if not found then
    return false;
  end if;

  v_location := format('%1$I.st_setsrid(%1$I.st_makepoint(location[0], location[1]), 4326)::%1$I.geography', v_schema);
  execute format('create index if not exists taste_records_geography_idx on coffee.taste_records using gist ((%s))', v_location);
  execute format(
    'create or replace view %I.%I with (security_barrier) as select id, created_at, coffee_id, %s as location from coffee.taste_records offset 0',
    'coffee', 'v_taste_geography', v_location
  );
  comment on view coffee.v_taste_geography is 'Where something was tasted, as geography of PostGIS; coffee.records_nearby needs none.';
  comment on column coffee.v_taste_geography.id is 'The taste record: its id,';
  comment on column coffee.v_taste_geography.created_at is 'and its time.';
  comment on column coffee.v_taste_geography.coffee_id is 'What was tasted.';
  comment on column coffee.v_taste_geography.location is 'Where; its index is taste_records_geography_idx.';
  grant select on coffee.v_taste_geography to coffee_read;
  return true;
end;
$$;

comment on function coffee.use_postgis() is $$
Make what people who have PostGIS expect: an index on the location of taste records as geography, and the view v_taste_geography. Deploying
calls it; call it again, as moadb_owner, when the extension was created later.
Returns: whether PostGIS is there; if not, nothing was done.
Locks: taste_records against writing while the index is built.
$$;
