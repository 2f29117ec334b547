-- Attaching and detaching take these locks anyway, in an order of their own; taken here first, in the order in which transactions go
-- (parent before child), they do not meet transactions head-on.

create or replace function platform._lock_partition_set(p_table regclass, p_is_exclusive boolean)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_lock record;
begin
  for v_lock in
    select k.confrelid::regclass as name, 'share row exclusive' as mode
    from pg_constraint as k
    where k.contype = 'f' and k.conrelid = p_table and k.conparentid = 0 and not (p_is_exclusive and k.confrelid = p_table)
    group by k.confrelid
    order by k.confrelid
  loop
    execute format('lock table only %s in %s mode', v_lock.name, v_lock.mode);
  end loop;

  execute format('lock table only %s in %s mode', p_table,
    case when p_is_exclusive then 'access exclusive' else 'share update exclusive' end);

  for v_lock in
    select p.partdefid::regclass as name, 'access exclusive' as mode, 1 as step
    from pg_partitioned_table as p
    where p.partrelid = p_table and p.partdefid <> 0
    union
    select k.conrelid::regclass, case when p_is_exclusive then 'access exclusive' else 'share row exclusive' end, 2
    from pg_constraint as k
    where k.contype = 'f' and k.confrelid = p_table and k.conrelid <> p_table and k.conparentid = 0
    order by step, name
  loop
    execute format('lock table only %s in %s mode', v_lock.name, v_lock.mode);
  end loop;
end;
$$;

comment on function platform._lock_partition_set(regclass, boolean) is $$
Take the locks for attaching or detaching a partition, until the transaction ends.
p_table: the partitioned table.
p_is_exclusive: nobody may read or write the table meanwhile.
Returns: nothing.
Errors: 55P03 when a lock is not granted within lock_timeout.
Locks: in this order: share row exclusive on the tables that foreign keys of p_table refer to; share update exclusive (p_is_exclusive:
access exclusive) on p_table itself; access exclusive on its default partition; share row exclusive (access exclusive) on the tables whose
foreign keys refer to p_table.
$$;
