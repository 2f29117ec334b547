create or replace function marketing._archive_partition_of(
  p_table         text,
  p_date_from     date,
  out parent      regclass,
  out partition   regclass,
  out date_to     date,
  out is_archived boolean
)
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_table is null or p_date_from is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', case when p_table is null then 'p_table' else 'p_date_from' end));
  end if;
  if p_table not in ('campaign_metrics', 'campaign_metric_versions', 'campaign_daily') then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_table', 'value', p_table, 'problem', 'its rows are not archived'
    ));
  end if;

  parent := format('marketing.%I', p_table)::regclass;
  select p.partition, p.to_value::date into partition, date_to
  from platform._read_partitions(parent) as p
  where not p.is_default and p.from_value = p_date_from::text and p.to_value <> 'MAXVALUE';
  if partition is null then
    perform platform.fail('archive_partition_not_found', jsonb_build_object('table', p_table, 'date_from', p_date_from));
  end if;
  is_archived := exists (select from marketing.archives as a where a.table_name = p_table and a.date_from = p_date_from and a.status = 'removed');
end;
$$;

comment on function marketing._archive_partition_of(text, date) is $$
Find the partition of a table that begins on a day.
p_table: campaign_metrics, campaign_metric_versions or campaign_daily.
p_date_from: the partition's first day.
Returns: parent, the partitioned table; partition; date_to, the first day after it; is_archived: its rows are in a file.
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid, MM150 archive_partition_not_found.
$$;
