create or replace function platform.extend_task(p_task_id bigint, p_lease_token uuid, p_lease interval default '1 minute')
  returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_until timestamptz;
begin
  if (p_lease > '0' and p_lease <= '30 days') is not true then
    perform platform.fail('lease_invalid', jsonb_build_object('lease', p_lease));
  end if;

  update platform.tasks as t
  set run_at = platform.now() + p_lease
  where t.id = p_task_id and t.lease_token = p_lease_token and t.status = 'ready'
  returning t.run_at into v_until;

  if not found then
    perform platform.fail('lease_lost', jsonb_build_object('task_id', p_task_id));
  end if;
  return v_until;
end;
$$;

comment on function platform.extend_task(bigint, uuid, interval) is $$
Keep a task for longer.
p_task_id: the task.
p_lease_token: as it was claimed with.
p_lease: for how long from now; 30 days at most.
Returns: the end of the lease.
Errors: MP057 lease_invalid; MP058 lease_lost when another worker has it by now, or it is finished: stop working on it.
Locks: the task's row.
$$;
