create or replace function platform._make_default_partition(p_table regclass)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_set record;
begin
  execute format('lock table only %s in share update exclusive mode', p_table);
  select s.* into v_set from platform._read_partition_sets(p_table) as s;
  if v_set.default_partition is not null then
    return null;
  end if;
  perform platform._attach_partition(
    p_table, platform._create_partition_table(p_table, v_set.table_name || '_default', v_set.storage_parameters), 'default'
  );
  return v_set.table_name || '_default';
end;
$$;

comment on function platform._make_default_partition(regclass) is $$
Make the default partition, which takes the rows that no other partition takes.
p_table: the partitioned table.
Returns: its name; null when there is one already.
Errors: 55P03 when a lock is not granted within lock_timeout.
Locks: share update exclusive on p_table.
$$;
