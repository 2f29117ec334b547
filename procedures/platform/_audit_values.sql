create or replace function platform._audit_values(p_row jsonb, p_other jsonb, p_hidden text[])
  returns jsonb
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select jsonb_object_agg(v.key, case when v.key = any (p_hidden) then '"***"' else v.value end)
  from jsonb_each(p_row) as v
  where v.value is distinct from p_other -> v.key
$$;

comment on function platform._audit_values(jsonb, jsonb, text[]) is $$
What a record of the audit log keeps of a row.
p_row: the whole row, as it was or is.
p_other: the other state of the same row; null when there is none (insert, delete).
p_hidden: columns whose values must not be kept.
Returns: the columns of p_row that differ from p_other, hidden ones as "***"; null when none differs.
$$;
