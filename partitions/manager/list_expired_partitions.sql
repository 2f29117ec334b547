-- What SQL alone cannot do gently, the CLI does: a concurrent detach runs in no function. This is its list.

create or replace function platform.list_expired_partitions(p_table regclass default null)
  returns table (
    schema_name      text,
    table_name       text,
    partition_name   text,
    is_detaching     boolean,
    is_concurrent    boolean,
    retention_action text
  )
  language sql
  stable
  security definer
  rows 10
  set search_path = pg_catalog, pg_temp
as $$
  select s.schema_name, s.table_name, p.partition_name, p.is_detaching, s.default_partition is null, s.retention_action
  from platform._read_partition_sets(p_table) as s
  cross join lateral platform._read_partitions(s.parent) as p
  where upper(p.covers) <= s.expired_before
  order by s.schema_name, s.table_name, lower(p.covers) nulls first;
$$;

comment on function platform.list_expired_partitions(regclass) is $$
The partitions that are wholly past their table's retention and still attached.
p_table: one table; null for every declared one.
Returns: a row per partition, oldest first: is_detaching (a concurrent detach was interrupted: alter table … detach partition … finalize),
is_concurrent (there is no default partition, so detach … concurrently is possible), retention_action (detach or drop).
$$;
