create or replace function marketing.import_abandon(p_import_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform from marketing.imports as i where i.id = p_import_id and i.status in ('open', 'staged') for update;
  if not found then
    perform platform.fail('import_not_found', jsonb_build_object('import_id', p_import_id));
  end if;
  perform marketing._drop_import(p_import_id, 'abandoned');
end;
$$;

comment on function marketing.import_abandon(bigint) is $$
End an import that is not gone on with, and drop its table. What it loaded stays.
p_import_id: the import, open or staged.
Errors: MM055 import_not_found.
Locks: the import; waits for whoever loads it.
$$;
