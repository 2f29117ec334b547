-- Three cases, each with the weakest locks that are right.
-- No default partition: share update exclusive on the parent, which lets readers and writers pass.
-- A default partition that holds no row of the period, the period still to come: besides that, access exclusive on the default partition,
-- which attaching needs.
-- Rows to move, or a period that writers may be writing to right now: access exclusive on the parent. A statement plans on the list of
-- partitions and only then locks them; one that waited for the default partition would go on with the old list: a reader would miss
-- the moved rows, a writer would fail. Waiting at the parent, both see the new list.
-- What the parent's foreign keys refer to is locked before the parent, as in every transaction: parent before child.

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
  v_referred  regclass;
  v_partition regclass;
  v_condition text;
  v_bounds    text;
  v_has_rows  boolean := false;
  v_part      integer := 1;
begin
  select s.* into v_set from platform._read_partition_sets(p_table) as s;
  v_bounds := format('for values from (%L) to (%L)',
    platform._partition_literal(v_set.kind, p_lower), platform._partition_literal(v_set.kind, p_upper));
  v_condition := format('%1$I >= %2$L and %1$I < %3$L', v_set.control_column,
    platform._partition_literal(v_set.kind, p_lower), platform._partition_literal(v_set.kind, p_upper));

  if v_set.default_partition is not null then
    for v_referred in
      select distinct k.confrelid::regclass
      from pg_constraint as k
      where k.contype = 'f' and k.conrelid = p_table and k.conparentid = 0
      order by 1
    loop
      execute format('lock table only %s in share row exclusive mode', v_referred);
    end loop;
  end if;
  execute format('lock table only %s in %s mode', p_table, case when p_is_exclusive then 'access exclusive' else 'share update exclusive' end);

  -- Somebody else may have made it while we waited.
  if exists (select from platform._read_partitions(p_table) as p where p.covers && int8range(p_lower, p_upper)) then
    return;
  end if;

  if v_set.default_partition is not null then
    execute format('lock table only %s in access exclusive mode', v_set.default_partition);
    execute format('select exists (select from %s where %s)', v_set.default_partition, v_condition) into v_has_rows;
    if v_has_rows and not p_is_exclusive then
      raise lock_not_available using message = 'rows have just come into the default partition';
    end if;
  end if;

  made := p_name;
  while to_regclass(format('%I.%I', v_set.schema_name, made)) is not null loop
    v_part := v_part + 1;
    made := p_name || '_part' || v_part;
  end loop;

  v_partition := platform._create_partition_table(p_table, made, v_set.storage_parameters);
  if v_has_rows then
    drained := platform._move_rows(p_table, v_set.default_partition, v_partition, v_condition, v_bounds);
  else
    drained := 0;
    perform platform._attach_partition(p_table, v_partition, v_bounds);
  end if;
end;
$$;

comment on function platform._make_partition(regclass, text, bigint, bigint, boolean) is $$
Make one partition; rows of its range that lie in the default partition move into it.
p_table: the partitioned table.
p_name: its name; where that is taken (by a detached partition, say), _part2 and so on is added.
p_lower, p_upper: its bounds as positions (platform._partition_position).
p_is_exclusive: whether the default partition holds rows of its range or may be taking them in now.
Returns: made, the name (null when another session has made it meanwhile), and drained, the number of rows moved.
Errors: 55P03 when a lock is not granted within lock_timeout, or a row has just come into the default partition of a period to come.
Locks: in this order: share row exclusive on the tables that foreign keys of p_table refer to (with a default partition only); p_table in
share update exclusive, or access exclusive where rows move or may be written to the default partition; access exclusive on the default
partition; where rows move, access exclusive on the tables whose foreign keys refer to p_table.
$$;
