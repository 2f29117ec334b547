-- Rights keep applications away from the tables; this keeps the owner from accidents. None of the triggers that call it fires in a call
-- of the API, so it costs nothing there.

create or replace function marketing._keep_rows()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform platform.fail('marketing_rows_kept', jsonb_build_object('table', tg_table_name, 'operation', lower(tg_op)));
  return null;
end;
$$;

comment on function marketing._keep_rows() is $$
Trigger function, before what is not to be: refuses it.
Returns: never.
Errors: MM006 marketing_rows_kept.
$$;
