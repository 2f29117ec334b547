-- The specification's name for it. Months ahead are made by the hourly job of platform; this is for a month that it would not make: one
-- long past whose records are to be loaded, or far ahead. What another partition covers of the month already is left out.

create or replace function coffee.create_monthly_partition(p_table_name text, p_start_date date)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_set   record;
  v_gap   int8range;
  v_month timestamp;
begin
  if p_table_name is null or p_start_date is null then
    perform platform.fail('coffee_argument_missing',
      jsonb_build_object('argument', case when p_table_name is null then 'p_table_name' else 'p_start_date' end));
  elsif p_start_date not between '1900-01-01' and '2999-12-31' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_start_date', 'value', p_start_date, 'problem', 'it is a day of the years 1900 to 2999'
    ));
  end if;
  v_month := date_trunc('month', p_start_date::timestamp);

  select s.* into v_set
  from platform._read_partition_sets() as s
  where s.schema_name = 'coffee' and s.table_name = p_table_name and s.unit = 'month' and s.kind is not null;
  if not found then
    perform platform.fail('partition_set_not_found', jsonb_build_object('table', 'coffee.' || p_table_name));
  end if;

  for v_gap in
    select g.gap
    from unnest(
      int8multirange(int8range(
        platform._partition_position(v_set.kind, v_set.time_zone, v_set.id_shift, v_month),
        platform._partition_position(v_set.kind, v_set.time_zone, v_set.id_shift, v_month + interval '1 month')
      )) - (select coalesce(range_agg(p.covers), '{}') from platform._read_partitions(v_set.parent) as p)
    ) as g (gap)
  loop
    perform platform._make_partition(
      v_set.parent, p_table_name || platform._partition_suffix('month', v_month), lower(v_gap), upper(v_gap),
      v_set.default_partition is not null
    );
  end loop;
end;
$$;

comment on function coffee.create_monthly_partition(text, date) is $$
Make the partition of a month where it is missing, and move the rows into it that the default partition took meanwhile. Nobody needs to
call it for this month and those ahead: platform.maintain_partitions makes them every hour.
p_table_name: taste_records or user_growth_metrics.
p_start_date: any day of the month (of UTC).
Returns: nothing.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MP035 partition_set_not_found.
Locks: as platform._make_partition: the whole table, where it has a default partition.
Source: specification 000, create_monthly_partition; its trigger auto_create_partition, which cannot work, is that job.
$$;
