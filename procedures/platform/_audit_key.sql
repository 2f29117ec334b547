create or replace function platform._audit_key(p_row jsonb, p_columns text[])
  returns text
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select string_agg(p_row ->> c.name, ',' order by c.position)
  from unnest(p_columns) with ordinality as c (name, position)
$$;

comment on function platform._audit_key(jsonb, text[]) is $$
The key of a row as audit_log.row_key shows it.
p_row: the whole row.
p_columns: its key columns, in order.
Returns: their values joined with commas; null when p_row has none of them.
$$;
