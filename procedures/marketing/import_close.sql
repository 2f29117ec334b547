create or replace function marketing.import_close(p_import_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform from marketing.imports as i where i.id = p_import_id and i.status = 'staged' for update;
  if not found then
    perform platform.fail('import_not_found', jsonb_build_object('import_id', p_import_id));
  elsif exists (select from marketing.import_slices as s where s.import_id = p_import_id and s.loaded_at is null) then
    perform platform.fail('import_not_loaded', jsonb_build_object(
      'import_id', p_import_id,
      'slices', (select count(*) from marketing.import_slices as s where s.import_id = p_import_id and s.loaded_at is null)
    ));
  end if;
  perform marketing._drop_import(p_import_id, 'completed');
end;
$$;

comment on function marketing.import_close(bigint) is $$
End an import all of whose slices are loaded, and drop its table.
p_import_id: the import.
Errors: MM055 import_not_found, MM057 import_not_loaded.
Locks: the import.
$$;
