-- A crash of the server empties unlogged tables; then the file is read again.

create or replace function marketing.import_resume(p_digest bytea)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_import marketing.imports;
  v_rows   bigint;
begin
  select i.* into v_import
  from marketing.imports as i
  where i.digest = p_digest and i.status = 'staged'
  order by i.id desc
  limit 1;
  if not found then
    return null;
  end if;
  execute format('select sum(c.copies) from marketing._import_%s_campaigns as c', v_import.id) into v_rows;
  return case when v_rows = v_import.staged_rows then v_import.id end;
end;
$$;

comment on function marketing.import_resume(bytea) is $$
Find the import of a file that was read and not yet loaded whole.
p_digest: as given to marketing.import_open.
Returns: the import; null: there is none to go on with.
$$;
