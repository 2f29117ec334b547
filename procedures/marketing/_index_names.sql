-- A definition names the index and its table, which differ between partitions; the rest does not.

create or replace function marketing._index_names(p_table regclass)
  returns table (name text, definition text)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select c.relname::text, i.indisunique || (regexp_match(pg_get_indexdef(i.indexrelid), ' (USING .*)$'))[1]
  from pg_index as i
  join pg_class as c on c.oid = i.indexrelid
  where i.indrelid = p_table
$$;

comment on function marketing._index_names(regclass) is $$
The indexes of a table.
p_table: the table.
Returns: one row for each: name; definition, the same for indexes of two tables that are alike.
$$;
