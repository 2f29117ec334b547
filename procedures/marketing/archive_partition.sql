-- The one place where rows leave the database, and they leave with the row that says where they are, or not at all. The partition is
-- emptied where it hangs, and closed: detaching would lock the whole table against everybody (and concurrently it can be done neither in
-- a function nor beside a default partition), and would leave a hole that rows fall through into the default partition. The strongest
-- lock is taken at once, for the comparison too: taking a weaker one first, and this one after it, would meet transactions that have read
-- the month and then write it head-on.

create or replace function marketing.archive_partition(
  p_table       text,
  p_date_from   date,
  p_url         text,
  p_columns     jsonb,
  p_rows        bigint,
  p_bytes       bigint,
  p_sha256      bytea,
  p_checksum    numeric,
  p_exported_at timestamptz
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '2s'
as $$
declare
  v_found record;
  v_rows  record;
  v_id    bigint;
begin
  perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', a.argument))
  from (values
    ('p_table', p_table is null), ('p_date_from', p_date_from is null), ('p_url', p_url is null), ('p_columns', p_columns is null),
    ('p_rows', p_rows is null), ('p_bytes', p_bytes is null), ('p_sha256', p_sha256 is null), ('p_checksum', p_checksum is null),
    ('p_exported_at', p_exported_at is null)
  ) as a (argument, is_missing)
  where a.is_missing;
  if current_setting('transaction_isolation') <> 'read committed' then -- what was committed before the lock must be seen
    perform platform.fail('archive_isolation_level', jsonb_build_object(
      'isolation', current_setting('transaction_isolation'), 'needed', 'read committed'
    ));
  end if;
  v_found := marketing._archive_partition_of(p_table, p_date_from);
  if v_found.date_to > (platform.now() at time zone 'UTC')::date then
    perform platform.fail('archive_not_past', jsonb_build_object('table', p_table, 'date_from', p_date_from, 'date_to', v_found.date_to));
  end if;

  execute format('lock table only %s in access exclusive mode', v_found.partition);
  v_found := marketing._archive_partition_of(p_table, p_date_from);
  if v_found.is_archived then
    perform platform.fail('already_archived', jsonb_build_object('table', p_table, 'date_from', p_date_from));
  end if;
  if marketing._archive_columns(v_found.partition) <> p_columns then
    perform platform.fail('archive_columns_changed', jsonb_build_object('table', p_table, 'date_from', p_date_from));
  end if;
  select c.rows, c.checksum into v_rows from marketing._rows_checksum(v_found.partition, p_columns) as c;
  if v_rows.rows <> p_rows or v_rows.checksum <> p_checksum then
    perform platform.fail('archive_rows_changed', jsonb_build_object(
      'table', p_table, 'date_from', p_date_from, 'rows', v_rows.rows, 'exported', p_rows
    ));
  end if;

  insert into marketing.archives (
    table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at
  )
  select
    p_table, c.relname, p_date_from, v_found.date_to, p_url, p_columns, p_rows, p_bytes, p_sha256, p_checksum, 'removed', p_exported_at,
    platform.now()
  from pg_class as c
  where c.oid = v_found.partition
  returning id into v_id;

  execute format('truncate %s', v_found.partition);
  execute format('alter table %s add constraint %I check (false)', v_found.partition, format('%s_archived_check', (
    select c.relname from pg_class as c where c.oid = v_found.partition
  )));
  execute format('comment on table %s is %L', v_found.partition, format(
    'Archived: its rows are in %s, and no rows are taken in. moadb archive restore brings them back.', p_url
  ));
  return v_id;
end;
$$;

comment on function marketing.archive_partition(text, date, text, jsonb, bigint, bigint, bytea, numeric, timestamptz) is $$
Take a partition's rows out of the database, after they were written into a file and the file was read back. When the rows are not those of
the file any more, nothing happens.
p_table: campaign_metrics, campaign_metric_versions or campaign_daily.
p_date_from: the partition's first day.
p_url: address of the Parquet file.
p_columns, p_exported_at: as marketing.open_export gave them.
p_rows, p_bytes, p_sha256, p_checksum: of the file, as it was read back.
Returns: bigint, the archive's id. The partition stays, empty, and refuses rows (check_violation of its constraint …_archived_check).
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM150 archive_partition_not_found, MM151
archive_rows_changed, MM152 already_archived, MM156 archive_columns_changed, MM157 archive_not_past, MM158 archive_isolation_level,
MM160 archive_type_unsupported; 55P03 when a lock is not granted within two seconds.
Locks: access exclusive on the partition alone, while its rows are compared (some seconds for a million) and until the transaction ends.
Other months are read and written meanwhile.
$$;
