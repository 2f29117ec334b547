create or replace function marketing._keep_identity()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_column text;
begin
  select min(c.name) into v_column
  from unnest(tg_argv) as c (name)
  where to_jsonb(old) -> c.name is distinct from to_jsonb(new) -> c.name;
  if v_column is not null then
    perform platform.fail('marketing_identity_kept', jsonb_build_object('table', tg_table_name, 'column', v_column));
  end if;
  return new;
end;
$$;

comment on function marketing._keep_identity() is $$
Trigger function, before update for each row: refuses another value in the columns that its arguments name.
Returns: the new row.
Errors: MM022 marketing_identity_kept.
$$;
