create or replace function platform._retire_partition(p_table regclass, p_partition regclass, p_is_detaching boolean, p_action text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_is_detaching then -- every query has done without it since then: no lock on the table is needed
    execute format('alter table %s detach partition %s finalize', p_table, p_partition);
  else
    perform platform._lock_partition_set(p_table, true);
    execute format('alter table %s detach partition %s', p_table, p_partition);
  end if;
  if p_action = 'drop' then
    execute format('drop table %s', p_partition);
  else
    execute format('comment on table %s is %L', p_partition,
      format('Detached from %s on %s: past its retention.', p_table, (platform.now() at time zone 'UTC')::date));
  end if;
end;
$$;

comment on function platform._retire_partition(regclass, regclass, boolean, text) is $$
Take a partition off its table.
p_table: the partitioned table.
p_partition: the partition.
p_is_detaching: a concurrent detach of it has begun and was interrupted: it is finished.
p_action: detach leaves it as a table of its own, drop drops it.
Returns: nothing.
Errors: 55P03 when a lock is not granted within lock_timeout; 23503 when rows of it are still referred to; 2BP01 when something (a view)
depends on a partition that is to be dropped.
Locks: platform._lock_partition_set(p_table, true), then access exclusive on the partition; to finish a concurrent detach, only share update
exclusive on p_table and access exclusive on the partition.
$$;
