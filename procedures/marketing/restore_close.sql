-- requires: procedures/marketing/_index_names.sql
--
-- All that takes time (comparing, building indexes) is done while the table hangs nowhere; the exchange itself takes milliseconds. It needs
-- the whole table for them, as every detach in a function does, and does not queue for long: who waits for it waits two seconds at most,
-- then it stands back and tries again.

create or replace function marketing.restore_close(p_archive_id bigint)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '2s'
as $$
declare
  v_archive marketing.archives;
  v_parent  regclass;
  v_table   regclass;
  v_rows    record;
  v_index   text;
  v_names   jsonb;
  v_tries   integer := 0;
  v_caller  text := case current_setting('role') when 'none' then session_user else current_setting('role') end;
begin
  if p_archive_id is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_archive_id'));
  end if;
  if current_setting('transaction_isolation') <> 'read committed' then
    perform platform.fail('archive_isolation_level', jsonb_build_object(
      'isolation', current_setting('transaction_isolation'), 'needed', 'read committed'
    ));
  end if;
  select a.* into v_archive from marketing.archives as a where a.id = p_archive_id for update;
  if not found then
    perform platform.fail('archive_not_found', jsonb_build_object('archive_id', p_archive_id));
  end if;
  if v_archive.status <> 'removed' then
    perform platform.fail('archive_restored', jsonb_build_object('archive_id', p_archive_id));
  end if;
  v_parent := format('marketing.%I', v_archive.table_name)::regclass;
  v_table := to_regclass(format('marketing.%I', v_archive.partition_name || '_restoring'));
  if v_table is null then
    perform platform.fail('restore_not_open', jsonb_build_object('archive_id', p_archive_id));
  end if;

  execute format('revoke insert on %s from %I', v_table, v_caller);
  select c.rows, c.checksum into v_rows from marketing._rows_checksum(v_table, v_archive.columns) as c;
  if v_rows.rows <> v_archive.rows or v_rows.checksum <> v_archive.checksum then
    perform platform.fail('archive_rows_differ', jsonb_build_object(
      'archive_id', p_archive_id, 'rows', v_rows.rows, 'archived', v_archive.rows
    ));
  end if;

  for v_index in
    select format('alter table %s add %s', v_table, pg_get_constraintdef(k.oid))
    from pg_constraint as k
    where k.conrelid = v_parent and k.contype in ('p', 'u')
    union all
    select format('create %sindex on %s %s', case when i.indisunique then 'unique ' else '' end, v_table, (
      regexp_match(pg_get_indexdef(i.indexrelid), ' (USING .*)$')
    )[1])
    from pg_index as i
    where i.indrelid = v_parent and not exists (select from pg_constraint as k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
  loop
    execute v_index;
  end loop;
  execute format('alter table %s add constraint restoring check (date >= %L and date < %L)', v_table, v_archive.date_from, v_archive.date_to);
  execute format('analyze %s', v_table);
  if (select c.relrowsecurity from pg_class as c where c.oid = v_parent) then
    execute format('alter table %s enable row level security', v_table);
  end if;

  loop
    v_tries := v_tries + 1;
    begin
      perform platform._lock_partition_set(v_parent, true);
      exit;
    exception
      when lock_not_available or deadlock_detected then
        if v_tries >= 15 then
          raise;
        end if;
        perform pg_sleep(0.2);
    end;
  end loop;
  select jsonb_object_agg(n.name, o.name) into v_names
  from marketing._index_names(v_table) as n
  join marketing._index_names(format('marketing.%I', v_archive.partition_name)::regclass) as o on o.definition = n.definition;
  execute format('alter table %s detach partition marketing.%I', v_parent, v_archive.partition_name);
  execute format('drop table marketing.%I', v_archive.partition_name);
  execute format('alter table %s rename to %I', v_table, v_archive.partition_name);
  for v_index in select format('alter index marketing.%I rename to %I', n.key, n.value) from jsonb_each_text(v_names) as n loop
    execute v_index;
  end loop;
  perform platform._attach_partition(v_parent, v_table, format('for values from (%L) to (%L)', v_archive.date_from, v_archive.date_to));
  execute format('alter table %s drop constraint restoring', v_table);

  update marketing.archives as a set status = 'restored', restored_at = platform.now() where a.id = p_archive_id;
  return v_rows.rows;
end;
$$;

comment on function marketing.restore_close(bigint) is $$
Put the rows that were copied into the table of marketing.restore_open in their place; if they are not exactly those that were archived,
nothing happens.
p_archive_id: the archive.
Returns: bigint, the rows that are back.
Errors: MM004 marketing_argument_missing, MM153 archive_not_found, MM154 archive_restored, MM155 archive_rows_differ, MM158
archive_isolation_level, MM159 restore_not_open; 55P03 when the table is in use all the time.
Locks: the archive's row; at the end, until the transaction ends, platform._lock_partition_set(table, true) and access exclusive on the
closed partition.
$$;
