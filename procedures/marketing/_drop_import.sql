create or replace function marketing._drop_import(p_import_id bigint, p_status text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  execute format('drop table if exists marketing._import_%s, marketing._import_%1$s_campaigns', p_import_id);
  update marketing.imports as i
  set status = p_status, completed_at = platform.now()
  where i.id = p_import_id;
end;
$$;

comment on function marketing._drop_import(bigint, text) is $$
End an import: its tables go, what it did stays written in marketing.imports and marketing.import_slices.
p_import_id: the import.
p_status: completed or abandoned.
Locks: waits for whoever loads it.
$$;
