create or replace function platform.find_partition_problems()
  returns table (schema_name text, table_name text, problem text, severity text, detail text)
  language sql
  stable
  security definer
  rows 10
  set search_path = pg_catalog, pg_temp
as $$
  with s as (
    select r.*, platform._partition_step(r.unit) as step
    from platform._read_partition_sets() as r
  ), found (schema_name, table_name, problem, severity, detail) as (
    select s.schema_name, s.table_name, 'table_missing', 'error',
      case when s.parent is null then 'there is no such table' else 'its partition key is not supported' end
    from s
    where s.kind is null
    union all
    select s.schema_name, s.table_name, q.problem,
      case when q.problem = 'gap' and s.default_partition is null then 'error' else 'warning' end,
      'missing: ' || string_agg(p.base_name, ', ' order by p.lower_position)
    from s
    cross join lateral platform._plan_partitions(s.parent) as p
    cross join lateral (select case when p.lower_position <= s.now_position then 'gap' else 'horizon' end) as q (problem)
    where s.kind is not null
      and p.upper_position > platform._partition_position(s.kind, s.time_zone, s.id_shift, s.first_period)
    group by s.schema_name, s.table_name, q.problem, s.default_partition
    union all
    select s.schema_name, s.table_name, 'default_missing', 'warning', 'no default partition: rows without a partition are refused'
    from s
    where s.kind is not null and s.has_default and s.default_partition is null
    union all
    select s.schema_name, s.table_name, 'default_rows', case when f.periods is null then 'notice' else 'warning' end,
      coalesce('rows wait to be moved, of the periods that begin on ' || f.periods, 'its rows are beyond the last period')
    from s
    cross join lateral (
      select string_agg(d.period_start::date::text, ', ' order by d.period_start)
      from platform._find_default_periods(s.parent) as d
    ) as f (periods)
    where s.kind is not null and platform._has_rows(s.default_partition)
    union all
    select s.schema_name, s.table_name, q.problem, q.severity, p.partition_name
    from s
    cross join lateral platform._read_partitions(s.parent) as p
    cross join lateral (
      select date_trunc(s.unit, platform._partition_local_time(s.kind, s.time_zone, s.id_shift, lower(p.covers)))
    ) as g (period_start)
    cross join lateral (
      values
        ('detaching', 'warning', p.is_detaching),
        ('expired', 'warning', upper(p.covers) <= s.expired_before),
        ('off_grid', 'notice', not p.is_default and p.covers is distinct from int8range(
          platform._partition_position(s.kind, s.time_zone, s.id_shift, g.period_start),
          platform._partition_position(s.kind, s.time_zone, s.id_shift, g.period_start + s.step)
        ))
    ) as q (problem, severity, is_so)
    where q.is_so
  )
  select f.schema_name, f.table_name, f.problem, f.severity, f.detail
  from found as f
  order by array_position(array['error', 'warning', 'notice'], f.severity), f.schema_name, f.table_name, f.problem, f.detail;
$$;

comment on function platform.find_partition_problems() is $$
What is wrong with the partitions of the declared tables; platform.partition_health shows it.
Returns: a row per problem, the worst first. problem is one of
table_missing: the declared table is gone, or its key is not supported;
gap: a period up to now has no partition (error where there is no default partition to take its rows);
horizon: fewer partitions are ready than premake asks for;
default_missing: a default partition is declared and not there;
default_rows: the default partition holds rows (notice: of periods that are not due yet, or impossible ones);
detaching: a concurrent detach was interrupted; expired: past its retention, and still attached;
off_grid: its bounds are not those of a declared period (made by hand, or before unit or zone were changed).
$$;
