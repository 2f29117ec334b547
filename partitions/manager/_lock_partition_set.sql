-- Attaching and detaching take these locks anyway, in an order of their own; taken here first, in the order in which transactions go
-- (parent before child), they do not meet transactions head-on. Those that go the other way round (a tasting is written before its
-- user) would be ended by the server when they have waited for deadlock_timeout: for the first of these locks at the earliest since we
-- have it. So all others have to come before that, or we give way. The first one is waited for with nothing in hand, as long as the
-- caller says.

create or replace function platform._lock_partition_set(p_table regclass, p_is_exclusive boolean)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_lock   record;
  v_before text := current_setting('lock_timeout');
  v_left   integer := nullif((select s.setting::integer from pg_settings as s where s.name = 'lock_timeout'), 0);
  v_until  timestamptz;
begin
  for v_lock in
    select k.confrelid::regclass as name, 'share row exclusive' as mode, 1 as step
    from pg_constraint as k
    where k.contype = 'f' and k.conrelid = p_table and k.conparentid = 0 and not (p_is_exclusive and k.confrelid = p_table)
    union
    select p_table, case when p_is_exclusive then 'access exclusive' else 'share update exclusive' end, 2
    union
    select p.partdefid::regclass, 'access exclusive', 3
    from pg_partitioned_table as p
    where p.partrelid = p_table and p.partdefid <> 0
    union
    select k.conrelid::regclass, case when p_is_exclusive then 'access exclusive' else 'share row exclusive' end, 4
    from pg_constraint as k
    where k.contype = 'f' and k.confrelid = p_table and k.conrelid <> p_table and k.conparentid = 0
    order by step, name
  loop
    if v_left is not null and v_until is not null then
      v_left := greatest(1, least(v_left, extract(epoch from v_until - clock_timestamp()) * 1000));
      perform set_config('lock_timeout', v_left::text, true);
    end if;
    execute format('lock table only %s in %s mode', v_lock.name, v_lock.mode);
    v_until := coalesce(
      v_until,
      clock_timestamp()
      + (select s.setting::integer from pg_settings as s where s.name = 'deadlock_timeout') * 0.75 * interval '1 millisecond'
    );
  end loop;
  perform set_config('lock_timeout', v_before, true);
end;
$$;

comment on function platform._lock_partition_set(regclass, boolean) is $$
Take the locks for attaching or detaching a partition, until the transaction ends.
p_table: the partitioned table.
p_is_exclusive: nobody may read or write the table meanwhile.
Returns: nothing.
Errors: 55P03 when a lock is not granted within lock_timeout, or not all others within three quarters of the server's deadlock_timeout
after the first (unless lock_timeout is 0).
Locks: in this order: share row exclusive on the tables that foreign keys of p_table refer to; share update exclusive (p_is_exclusive:
access exclusive) on p_table itself; access exclusive on its default partition; share row exclusive (access exclusive) on the tables whose
foreign keys refer to p_table.
$$;
