-- The declared sets beside what the catalog says of their tables, with the instants that matter now as positions: every other
-- routine starts from this row. One clock (platform.now) and the set's own zone decide, never the session's zone.

create or replace function platform._read_partition_sets(p_table regclass default null)
  returns table (
    schema_name        text,
    table_name         text,
    parent             regclass,
    default_partition  regclass,
    control_column     text,
    kind               text,
    unit               text,
    id_shift           integer,
    premake            integer,
    has_default        boolean,
    time_zone          text,
    retention_action   text,
    storage_parameters text,
    first_period       timestamp,
    last_period        timestamp,
    horizon            bigint,
    now_position       bigint,
    expired_before     bigint
  )
  language sql
  stable
  rows 10
  set search_path = pg_catalog, pg_temp
as $$
  select
    s.schema_name, s.table_name, c.oid, nullif(p.partdefid, 0), k.column_name, k.kind,
    s.unit, s.id_shift, s.premake, s.has_default, s.time_zone, s.retention_action, s.storage_parameters,
    w.first_period, w.last_period,
    platform._partition_position(k.kind, s.time_zone, s.id_shift, w.last_period + platform._partition_step(s.unit)),
    platform._partition_position(k.kind, s.time_zone, s.id_shift, l.local_now),
    platform._partition_position(k.kind, s.time_zone, s.id_shift, l.local_now - s.retention)
  from platform.partition_sets as s
  left join pg_namespace as n on n.nspname = s.schema_name
  left join pg_class as c on c.relnamespace = n.oid and c.relname = s.table_name
  left join pg_partitioned_table as p on p.partrelid = c.oid
  left join lateral platform._partition_key(c.oid) as k on true
  cross join lateral (select platform.now() at time zone s.time_zone) as l (local_now)
  cross join lateral (
    select
      date_trunc(s.unit, least(greatest(s.covers_from::timestamp, l.local_now - s.retention), l.local_now)),
      date_trunc(s.unit, l.local_now) + s.premake * platform._partition_step(s.unit)
  ) as w (first_period, last_period)
  where p_table is null or c.oid = p_table
  order by s.schema_name, s.table_name;
$$;

comment on function platform._read_partition_sets(regclass) is $$
The declared partition sets, joined with their tables.
p_table: one of them; null for all.
Returns: a row per set: its declaration; parent (null when the table is gone), default_partition, control_column and kind (null when the
key is not supported) from the catalog; first_period and last_period, the local beginnings of the periods that partitions must cover;
and as positions (platform._partition_position) horizon, where the last period ends, now_position, and expired_before: what ends there
or earlier is past its retention (null without retention).
$$;
