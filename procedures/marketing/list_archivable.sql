create or replace function marketing.list_archivable(
  p_older_than       interval default '3 months',
  p_daily_older_than interval default '13 months'
)
  returns table (
    table_name     text,
    partition_name text,
    date_from      date,
    date_to        date,
    rows_estimate  bigint,
    bytes          bigint
  )
  language plpgsql
  stable
  security definer
  rows 10
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_today constant date := (platform.now() at time zone 'UTC')::date;
begin
  if p_older_than is null or p_daily_older_than is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object(
      'argument', case when p_older_than is null then 'p_older_than' else 'p_daily_older_than' end
    ));
  end if;
  perform platform.fail('marketing_argument_invalid', jsonb_build_object(
    'argument', a.argument, 'value', a.value, 'problem', 'it is 0 to 1000 years'
  ))
  from (values ('p_older_than', p_older_than), ('p_daily_older_than', p_daily_older_than)) as a (argument, value)
  where a.value not between interval '0' and interval '1000 years';

  return query
  select s.table_name, l.partition_name, l.from_value::date, l.to_value::date, l.rows_estimate, l.bytes
  from (values
    ('campaign_metrics', p_older_than), ('campaign_metric_versions', p_older_than), ('campaign_daily', p_daily_older_than)
  ) as s (table_name, older_than)
  cross join lateral platform.list_partitions(format('marketing.%I', s.table_name)::regclass) as l
  where l.state = 'attached' and not l.is_default and l.from_value <> 'MINVALUE' and l.to_value <> 'MAXVALUE'
    and l.to_value::date <= v_today - s.older_than
    and not exists (
      select from marketing.archives as a
      where a.table_name = s.table_name and a.date_from = l.from_value::date and a.status = 'removed'
    )
  order by l.to_value::date, s.table_name;
end;
$$;

comment on function marketing.list_archivable(interval, interval) is $$
The partitions that are old enough to leave the database, the oldest first: those that ended longer ago than that (in UTC), and are not in a
file yet.
p_older_than: for raw rows and their versions, up to 1000 years.
p_daily_older_than: for daily sums, likewise.
Returns: a row per partition: table_name, partition_name, date_from and date_to (the first day after it), rows_estimate (null until
analyzed), bytes (with indexes).
Errors: MM004 marketing_argument_missing, MM005 marketing_argument_invalid.
$$;
