create or replace function marketing._archive_columns(p_table regclass)
  returns jsonb
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
  from pg_attribute as a
  where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
$$;

comment on function marketing._archive_columns(regclass) is $$
What a file of a table's rows holds.
p_table: the table.
Returns: [{"name", "type"}, …] in the table's order, types as PostgreSQL writes them.
$$;
