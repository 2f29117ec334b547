create or replace function platform.ack_task(p_task_id bigint, p_lease_token uuid)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  update platform.tasks as t
  set status = 'done', finished_at = coalesce(t.finished_at, platform.now())
  where t.id = p_task_id and t.lease_token = p_lease_token and t.status in ('ready', 'done');

  if not found then
    perform platform.fail('lease_lost', jsonb_build_object('task_id', p_task_id));
  end if;
end;
$$;

comment on function platform.ack_task(bigint, uuid) is $$
Say that a task is done. Called in the transaction that writes the result, the two are one. Calling it again with the same token changes
nothing; a lease that has run out is still good as long as nobody else has claimed the task.
p_task_id: the task.
p_lease_token: as it was claimed with.
Errors: MP058 lease_lost when another worker has it by now, or it was given up: roll back what was done for it.
Locks: the task's row.
$$;
