-- A cursor of lines, so that an operator needs no privilege on the tables, and memory does not grow with the month. The checksum is
-- taken from the same snapshot first: what arrives in the file is compared with it.

create or replace function marketing.open_export(
  p_table         text,
  p_date_from     date,
  out lines       refcursor,
  out columns     jsonb,
  out rows        bigint,
  out checksum    numeric,
  out exported_at timestamptz
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set datestyle = 'ISO, YMD'
as $$
declare
  v_found record;
  v_order text;
begin
  if current_setting('transaction_isolation') not in ('repeatable read', 'serializable') then
    perform platform.fail('archive_isolation_level', jsonb_build_object(
      'isolation', current_setting('transaction_isolation'), 'needed', 'repeatable read'
    ));
  end if;
  v_found := marketing._archive_partition_of(p_table, p_date_from);
  if v_found.is_archived then
    perform platform.fail('already_archived', jsonb_build_object('table', p_table, 'date_from', p_date_from));
  end if;

  columns := marketing._archive_columns(v_found.partition);
  select c.rows, c.checksum into rows, checksum from marketing._rows_checksum(v_found.partition, columns) as c;
  exported_at := platform.now();
  select string_agg(k.name, ', ' order by k.position) into v_order
  from unnest(array['campaign_id', 'date', 'hour', 'recorded']) with ordinality as k (name, position)
  where columns @> jsonb_build_array(jsonb_build_object('name', k.name));
  open lines no scroll for execute format(
    'select %s from only %s order by %s', marketing._archive_fields(columns), v_found.partition, v_order
  );
end;
$$;

comment on function marketing.open_export(text, date) is $$
Begin to read a partition for a file. The transaction must be repeatable read, and DateStyle ISO while the cursor is read.
p_table: campaign_metrics, campaign_metric_versions or campaign_daily.
p_date_from: the partition's first day.
Returns: lines, a cursor of one text column, a line per row by campaign and day (marketing._archive_fields); columns, what the lines
hold; rows and checksum of the same snapshot (marketing._rows_checksum); exported_at, the time for marketing.archive_partition.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM150 archive_partition_not_found, MM152 already_archived,
MM158 archive_isolation_level, MM160 archive_type_unsupported.
$$;
