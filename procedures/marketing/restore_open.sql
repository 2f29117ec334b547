create or replace function marketing.restore_open(
  p_archive_id   bigint,
  out relation   text,
  out columns    jsonb
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '2s'
as $$
declare
  v_archive marketing.archives;
  v_parent  regclass;
  v_table   regclass;
  v_caller  text := case current_setting('role') when 'none' then session_user else current_setting('role') end;
begin
  if p_archive_id is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_archive_id'));
  end if;
  select a.* into v_archive from marketing.archives as a where a.id = p_archive_id for update;
  if not found then
    perform platform.fail('archive_not_found', jsonb_build_object('archive_id', p_archive_id));
  end if;
  if v_archive.status <> 'removed' then
    perform platform.fail('archive_restored', jsonb_build_object('archive_id', p_archive_id));
  end if;
  v_parent := format('marketing.%I', v_archive.table_name)::regclass;
  if not marketing._archive_columns(v_parent) @> v_archive.columns then
    perform platform.fail('archive_columns_changed', jsonb_build_object('table', v_archive.table_name, 'date_from', v_archive.date_from));
  end if;

  v_table := platform._create_partition_table(v_parent, v_archive.partition_name || '_restoring', null);
  execute format('alter table %s disable row level security', v_table); -- copy is not possible under it; restore_close sets it again
  execute format('grant insert on %s to %I', v_table, v_caller);
  relation := v_table::text;
  columns := v_archive.columns;
end;
$$;

comment on function marketing.restore_open(bigint) is $$
Begin to bring an archive back: make the table that its rows are copied into. marketing.restore_close puts it in its place, in the same
transaction.
p_archive_id: a current archive.
Returns: relation, the table (its name, quoted where needed), into which the caller may insert; columns, those of the file.
Errors: MM004 marketing_argument_missing, MM153 archive_not_found, MM154 archive_restored, MM156 archive_columns_changed; 55P03
when somebody else restores the archive and does not end within two seconds.
Locks: the archive's row. Nothing that anybody reads or writes.
$$;
