-- Jumps from period to period by min(key), which an index on the key answers at once, instead of reading the default partition.
-- Reading takes a lock that lasts until the transaction ends, or until the subtransaction is undone: so it is undone (MP000 is raised and
-- caught here). Else two sessions that have both looked would keep each other from moving the rows.

create or replace function platform._find_default_periods(p_table regclass)
  returns table (period_start timestamp)
  language plpgsql
  stable
  rows 1
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_set      record;
  v_position bigint;
  v_found    bigint;
  v_period   timestamp;
  v_periods  timestamp[] := array[]::timestamp[];
begin
  select s.*, platform._partition_step(s.unit) as step into v_set from platform._read_partition_sets(p_table) as s;
  if v_set.default_partition is null then
    return;
  end if;
  v_position := platform._partition_position(v_set.kind, v_set.time_zone, v_set.id_shift, timestamp '0001-01-01');

  begin
    while cardinality(v_periods) < 100 loop
      execute format(
        case v_set.kind
          when 'time' then 'select (extract(epoch from min(%1$I)) * 1000000)::bigint from %2$s where %1$I >= %3$L and %1$I < %4$L'
          when 'date' then 'select min(%1$I) - date ''2000-01-01'' from %2$s where %1$I >= %3$L and %1$I < %4$L'
          else 'select min(%1$I) from %2$s where %1$I >= %3$L and %1$I < %4$L'
        end,
        v_set.control_column, v_set.default_partition,
        platform._partition_literal(v_set.kind, v_position), platform._partition_literal(v_set.kind, v_set.horizon)
      ) into v_found;
      exit when v_found is null;

      -- Where clocks go back over midnight, a local time alone does not tell the period: the position does.
      v_period := date_trunc(v_set.unit, platform._partition_local_time(v_set.kind, v_set.time_zone, v_set.id_shift, v_found));
      if platform._partition_position(v_set.kind, v_set.time_zone, v_set.id_shift, v_period) > v_found then
        v_period := v_period - v_set.step;
      end if;
      v_periods := v_periods || v_period;
      v_position := platform._partition_position(v_set.kind, v_set.time_zone, v_set.id_shift, v_period + v_set.step);
    end loop;
    raise sqlstate 'MP000' using message = 'the periods are found';
  exception
    when sqlstate 'MP000' then
      null;
  end;
  return query select unnest(v_periods);
end;
$$;

comment on function platform._find_default_periods(regclass) is $$
The periods that the default partition holds rows of, up to the horizon; at most 100, oldest first. Rows beyond the horizon, infinite
ones and those of before our era are left out: they stay in the default partition.
p_table: the partitioned table.
Returns: the local beginning of each period.
$$;
