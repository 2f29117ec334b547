create or replace function platform.list_partitions(p_table regclass default null)
  returns table (
    schema_name    text,
    table_name     text,
    partition_name text,
    state          text,
    from_value     text,
    to_value       text,
    starts_at      timestamptz,
    ends_at        timestamptz,
    rows_estimate  bigint,
    bytes          bigint,
    is_default     boolean,
    is_expired     boolean
  )
  language sql
  security definer
  rows 100
  set search_path = pg_catalog, pg_temp
as $$
  with s as (
    select r.*, case r.kind when 'time' then 'UTC' else r.time_zone end as bound_zone
    from platform._read_partition_sets(p_table) as r
  ), listed as (
    select
      s.schema_name, s.table_name, p.partition, p.partition_name,
      case when p.is_detaching then 'detaching' else 'attached' end as state,
      p.from_value, p.to_value,
      platform._partition_local_time(s.kind, s.bound_zone, s.id_shift, lower(p.covers)) at time zone s.bound_zone as starts_at,
      platform._partition_local_time(s.kind, s.bound_zone, s.id_shift, upper(p.covers)) at time zone s.bound_zone as ends_at,
      p.is_default,
      coalesce(upper(p.covers) <= s.expired_before, false) as is_expired
    from s
    cross join lateral platform._read_partitions(s.parent) as p
    union all
    select s.schema_name, s.table_name, c.oid, c.relname, 'detached', null, null, null, null, false, false
    from s
    join pg_namespace as n on n.nspname = s.schema_name
    join pg_class as c on c.relnamespace = n.oid and c.relkind in ('r', 'p') and not c.relispartition
    where starts_with(c.relname, s.table_name || '_')
      and substr(c.relname, length(s.table_name) + 1) ~ '^_(default|\d{4,}(_\d\d(_\d\d)?|_w\d\d|_q\d)?(_part\d+)?)$'
  )
  select
    l.schema_name, l.table_name, l.partition_name, l.state, l.from_value, l.to_value, l.starts_at, l.ends_at,
    nullif(c.reltuples, -1)::bigint, pg_total_relation_size(c.oid), l.is_default, l.is_expired
  from listed as l
  join pg_class as c on c.oid = l.partition
  order by l.schema_name, l.table_name, l.state = 'detached', l.is_default, l.starts_at nulls first, l.partition_name;
$$;

comment on function platform.list_partitions(regclass) is $$
The partitions of the declared tables, and the tables that were detached from them and still stand under a partition's name.
p_table: one table; null for every declared one.
Returns: a row per partition: state (attached, detaching: a concurrent detach was interrupted, detached), from_value and to_value as in its
bounds (times in UTC), starts_at and ends_at (for ids the months that they stand for), rows_estimate (null until analyzed), bytes
(with indexes and TOAST), is_default, is_expired (past its retention).
$$;
