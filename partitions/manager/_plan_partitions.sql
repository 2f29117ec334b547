-- What is missing is computed from what is there: the wanted periods minus the ranges that existing partitions cover. So an interval
-- or a zone may change on a live set, and a change of a country's clock rules leaves neither gap nor overlap: the new partition begins
-- where the old one ends.

create or replace function platform._plan_partitions(p_table regclass)
  returns table (base_name text, lower_position bigint, upper_position bigint, is_exclusive boolean)
  language sql
  stable
  rows 10
  set search_path = pg_catalog, pg_temp
as $$
  with s as (
    select r.*, platform._partition_step(r.unit) as step
    from platform._read_partition_sets(p_table) as r
    where r.kind is not null
  ), covered as (
    select coalesce(range_agg(p.covers), '{}') as ranges
    from platform._read_partitions(p_table) as p
  ), periods as (
    select g.period_start, false as drains
    from s
    cross join generate_series(s.first_period, s.last_period, s.step) as g (period_start)
    union all
    select f.period_start, true
    from platform._find_default_periods(p_table) as f
  ), wanted as (
    select p.period_start, bool_or(p.drains) as drains
    from periods as p
    group by p.period_start
  )
  select
    s.table_name || platform._partition_suffix(s.unit, w.period_start),
    lower(g.gap), upper(g.gap),
    s.default_partition is not null and (w.drains or lower(g.gap) <= s.now_position)
  from s
  cross join covered as c
  cross join wanted as w
  cross join lateral unnest(
    int8multirange(int8range(
      platform._partition_position(s.kind, s.time_zone, s.id_shift, w.period_start),
      platform._partition_position(s.kind, s.time_zone, s.id_shift, w.period_start + s.step)
    )) - c.ranges
  ) as g (gap)
  order by upper(g.gap) <= s.now_position, lower(g.gap)
  limit 100;
$$;

comment on function platform._plan_partitions(regclass) is $$
The partitions that are to be made: what no partition covers of the periods from first_period to last_period
(platform._read_partition_sets) and of those that the default partition holds rows of. The current and coming periods first, then past
ones; at most 100.
p_table: the partitioned table.
Returns: a row per partition: base_name, its bounds as positions, and is_exclusive: whether the default partition holds rows of its
range, or may be taking them in now, so that making it needs the whole table (platform._make_partition).
$$;
