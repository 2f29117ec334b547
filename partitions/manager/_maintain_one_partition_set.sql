-- The job's batch: the scheduler commits after each call and calls again until nothing is left, so the locks of two tables are never
-- held together. What was skipped holds no locks (its subtransaction is undone), so the next table's turn comes in the same call.
-- In random order, so that a table whose maintenance fails cannot keep the same others from ever having their turn.

create or replace function platform._maintain_one_partition_set()
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_table regclass;
  v_done  bigint;
begin
  for v_table in
    select s.parent from platform._read_partition_sets() as s where s.kind is not null order by random()
  loop
    select cardinality(m.made) + cardinality(m.detached) + cardinality(m.dropped) into v_done
    from platform.maintain_partitions(v_table) as m;
    if v_done > 0 then
      return v_done;
    end if;
  end loop;
  return 0;
end;
$$;

comment on function platform._maintain_one_partition_set() is $$
Do what platform.maintain_partitions has to do for one table that needs it.
Returns: bigint, the partitions made, detached and dropped; 0 when no table needs anything that can be done now.
Locks: as platform.maintain_partitions.
$$;
