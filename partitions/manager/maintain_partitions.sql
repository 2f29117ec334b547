-- Plans without locks, and locks only for what there is to do: a call that finds nothing to do disturbs nobody. Every step is a
-- subtransaction of its own, so that what could not get its lock is reported and all else is done. lock_timeout is a setting of the
-- function for the sake of its end, which gives the caller's value back; how long it really is, p_lock_timeout says inside.

create or replace function platform.maintain_partitions(p_table regclass default null, p_lock_timeout interval default '2 seconds')
  returns table (
    schema_name text,
    table_name  text,
    made        text[],
    drained     bigint,
    detached    text[],
    dropped     text[],
    skipped     text[]
  )
  language plpgsql
  security definer
  rows 10
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '2s'
as $$
declare
  v_set        record;
  v_step       record;
  v_made       text;
  v_drained    bigint;
  v_is_blocked boolean;
  v_holders    integer[];
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    perform platform.fail('partition_isolation_level', jsonb_build_object('isolation', current_setting('transaction_isolation')));
  end if;
  if p_lock_timeout is null or p_lock_timeout < interval '1 millisecond' then
    perform platform.fail('invalid_lock_timeout', jsonb_build_object('lock_timeout', p_lock_timeout));
  end if;
  if p_table is not null and not exists (select from platform._read_partition_sets(p_table)) then
    perform platform.fail('partition_set_not_found', jsonb_build_object('table', p_table));
  end if;
  perform set_config('lock_timeout', ceil(extract(epoch from p_lock_timeout) * 1000)::bigint::text, true);

  for v_set in select s.* from platform._read_partition_sets(p_table) as s loop
    schema_name := v_set.schema_name;
    table_name := v_set.table_name;
    made := '{}';
    drained := 0;
    detached := '{}';
    dropped := '{}';
    skipped := '{}';
    v_is_blocked := false;

    if v_set.kind is null then
      skipped := array[case when v_set.parent is null then 'there is no such table' else 'its partition key is not supported' end];
      return next;
      continue;
    end if;

    for v_step in
      select p.* from platform._plan_partitions(v_set.parent) as p
      union all
      select v_set.table_name || '_default', null, null, false
      where v_set.has_default and v_set.default_partition is null
    loop
      if v_step.is_exclusive and v_is_blocked then
        skipped := skipped || (v_step.base_name || ': not tried after that');
        continue;
      end if;
      if v_step.is_exclusive and drained >= 100000 then
        skipped := skipped || (v_step.base_name || ': left to the next call, enough rows have moved in this one');
        continue;
      end if;
      v_holders := platform._lock_holders(v_set.parent);
      begin
        if v_step.lower_position is null then
          v_made := platform._make_default_partition(v_set.parent);
        else
          select m.made, m.drained into v_made, v_drained
          from platform._make_partition(
            v_set.parent, v_step.base_name, v_step.lower_position, v_step.upper_position, v_step.is_exclusive
          ) as m;
          drained := drained + coalesce(v_drained, 0);
        end if;
        if v_made is not null then -- else another session has made it
          made := made || v_made;
        end if;
      exception
        when foreign_key_violation then
          skipped := skipped || concat(v_step.base_name, ': ', sqlerrm);
        when lock_not_available or deadlock_detected then
          skipped := skipped || concat(v_step.base_name, ': ', sqlerrm,
            '; in use by ' || array_to_string(platform._lock_holders(v_set.parent, v_holders), ', '));
          v_is_blocked := true;
          exit when not v_step.is_exclusive;
      end;
    end loop;

    for v_step in
      select p.*, upper(p.covers) <= v_set.expired_before as is_expired
      from platform._read_partitions(v_set.parent) as p
      where not v_is_blocked
        and (p.is_detaching or upper(p.covers) <= v_set.expired_before)
    loop
      v_holders := platform._lock_holders(v_set.parent);
      begin
        if v_step.is_expired and v_set.retention_action = 'drop' then
          perform platform._retire_partition(v_set.parent, v_step.partition, v_step.is_detaching, 'drop');
          dropped := dropped || v_step.partition_name;
        else
          perform platform._retire_partition(v_set.parent, v_step.partition, v_step.is_detaching, 'detach');
          detached := detached || v_step.partition_name;
        end if;
      exception
        when foreign_key_violation or dependent_objects_still_exist then
          skipped := skipped || concat(v_step.partition_name, ': ', sqlerrm);
        when lock_not_available or deadlock_detected then
          skipped := skipped || concat(v_step.partition_name, ': ', sqlerrm,
            '; in use by ' || array_to_string(platform._lock_holders(v_set.parent, v_holders), ', '));
          exit;
      end;
    end loop;

    return next;
  end loop;
end;
$$;

comment on function platform.maintain_partitions(regclass, interval) is $$
Make the partitions that are missing (the current period, those to come, gaps, periods that the default partition holds rows of), move
rows out of the default partition, and retire what is past its retention. The same call again does nothing; unless much had gathered in
the default partition: a call moves whole periods until 100,000 rows have moved, the next one goes on. All of one call is one
transaction: to hold the locks of one table at a time, call it table by table, as the job and `moadb partitions maintain` do.
p_table: one table; null for every declared one.
p_lock_timeout: how long to wait for each lock, at least 1 ms. Nobody queues behind a waiting call for longer. When it has the first lock
of a table, the others have to come within three quarters of the server's deadlock_timeout, if that is less: so a deadlock ends the
maintenance and not the application's transaction.
Returns: a row per table: made, detached and dropped (names of partitions), drained (rows moved out of the default partition), skipped
(what could not be done now, and why; the next call tries again).
Errors: MP035 partition_set_not_found, MP036 partition_isolation_level, MP037 invalid_lock_timeout.
Locks: only where there is something to do, until the transaction ends: as platform._make_partition and platform._retire_partition say.
Transactions in repeatable read that took their snapshot before rows were moved and first read the table afterwards may not see those rows,
as after any change of partitions.
$$;
