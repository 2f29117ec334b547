create or replace function platform._make_default_partition(p_table regclass)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_set       record;
  v_partition regclass;
begin
  perform platform._lock_partition_set(p_table, false);
  select s.* into v_set from platform._read_partition_sets(p_table) as s;
  if v_set.default_partition is not null then
    return null;
  end if;
  v_partition := platform._create_partition_table(p_table, v_set.table_name || '_default', v_set.storage_parameters);
  perform platform._attach_partition(p_table, v_partition, 'default');
  return (select c.relname from pg_class as c where c.oid = v_partition);
end;
$$;

comment on function platform._make_default_partition(regclass) is $$
Make the default partition, which takes the rows that no other partition takes.
p_table: the partitioned table.
Returns: its name; null when there is one already.
Errors: 55P03 when a lock is not granted within lock_timeout.
Locks: platform._lock_partition_set(p_table, false).
$$;
