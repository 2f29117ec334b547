-- Three cases, each with the weakest locks that are right.
-- No default partition: share update exclusive on the parent, which lets readers and writers pass.
-- A default partition that holds no row of the range, and the range lies in the future: access exclusive on the default partition
-- besides, because attaching checks it.
-- Rows to move, or a range that writers may be writing to right now: access exclusive on the parent. A statement plans with the list of
-- partitions and only then locks them. One that waited for the default partition would go on with the old list: a reader would miss the
-- moved rows, a writer would fail. Waiting for the parent, both get the new list.

create or replace function platform._make_partition(
  p_table        regclass,
  p_name         text,
  p_lower        bigint,
  p_upper        bigint,
  p_is_exclusive boolean,
  out made       text,
  out drained    bigint
)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_set       record;
  v_partition regclass;
  v_bounds    text;
  v_condition text;
  v_has_rows  boolean := false;
begin
  perform platform._lock_partition_set(p_table, p_is_exclusive);

  -- Somebody else may have made it while we waited.
  if exists (select from platform._read_partitions(p_table) as p where p.covers && int8range(p_lower, p_upper)) then
    return;
  end if;

  select
    s.*,
    platform._partition_literal(s.kind, p_lower) as lower_literal,
    platform._partition_literal(s.kind, p_upper) as upper_literal
  into v_set
  from platform._read_partition_sets(p_table) as s;
  v_bounds := format('for values from (%L) to (%L)', v_set.lower_literal, v_set.upper_literal);
  v_condition := format('%1$I >= %2$L and %1$I < %3$L', v_set.control_column, v_set.lower_literal, v_set.upper_literal);

  if v_set.default_partition is not null then
    execute format('select exists (select from %s where %s)', v_set.default_partition, v_condition) into v_has_rows;
    if v_has_rows and not p_is_exclusive then
      raise lock_not_available using message = 'rows have just come into the default partition';
    end if;
  end if;

  v_partition := platform._create_partition_table(p_table, p_name, v_set.storage_parameters);
  if v_has_rows then
    drained := platform._move_rows(p_table, v_set.default_partition, v_partition, v_condition, v_bounds);
  else
    drained := 0;
    perform platform._attach_partition(p_table, v_partition, v_bounds);
  end if;
  select c.relname into made from pg_class as c where c.oid = v_partition;
end;
$$;

comment on function platform._make_partition(regclass, text, bigint, bigint, boolean) is $$
Make one partition; rows of its range that lie in the default partition move into it.
p_table: the partitioned table.
p_name: its name, as for platform._create_partition_table.
p_lower, p_upper: its bounds as positions (platform._partition_position).
p_is_exclusive: whether the default partition holds rows of its range or may be taking them in now.
Returns: made, the name (null when another session has made it meanwhile), and drained, the number of rows moved.
Errors: 55P03 when a lock is not granted within lock_timeout, or a row of a coming period has just entered the default partition.
Locks: platform._lock_partition_set(p_table, p_is_exclusive).
$$;
