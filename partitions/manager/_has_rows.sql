create or replace function platform._has_rows(p_table regclass)
  returns boolean
  language plpgsql
  stable
  strict
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_has_rows boolean;
begin
  execute format('select exists (select from %s)', p_table) into v_has_rows;
  return v_has_rows;
end;
$$;

comment on function platform._has_rows(regclass) is $$
Whether a table holds any row.
p_table: the table.
Returns: boolean; null for null.
$$;
