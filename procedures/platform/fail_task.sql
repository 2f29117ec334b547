-- Twice as long after each attempt, from ten seconds to an hour: ten attempts span an hour and a half, long enough for a provider's
-- outage, and then people should know.

create or replace function platform.fail_task(
  p_task_id bigint,
  p_lease_token uuid,
  p_error text,
  p_retry_in interval default null,
  p_is_final boolean default false
)
  returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_task platform.tasks;
begin
  if p_retry_in < '0' or p_retry_in > '30 days' then
    perform platform.fail('lease_invalid', jsonb_build_object('lease', p_retry_in));
  end if;

  update platform.tasks as t
  set last_error = p_error,
    lease_token = null,
    status = case when p_is_final or t.attempts >= t.max_attempts then 'dead' else 'ready' end,
    finished_at = case when p_is_final or t.attempts >= t.max_attempts then platform.now() end,
    run_at = platform.now() + coalesce(p_retry_in, least(interval '1 hour', interval '10 seconds' * 2 ^ least(t.attempts - 1, 20)))
  where t.id = p_task_id and t.lease_token = p_lease_token and t.status = 'ready'
  returning t.* into v_task;

  if not found then
    perform platform.fail('lease_lost', jsonb_build_object('task_id', p_task_id));
  end if;
  return case when v_task.status = 'ready' then v_task.run_at end;
end;
$$;

comment on function platform.fail_task(bigint, uuid, text, interval, boolean) is $$
Say that an attempt at a task has failed; it is tried again later, or given up after its last attempt.
p_task_id: the task.
p_lease_token: as it was claimed with.
p_error: why, for people.
p_retry_in: when to try again; null: 10 seconds after the first attempt, twice as long after each, at most an hour. 30 days at most.
p_is_final: whether to give it up at once, because trying again cannot help.
Returns: when it may be claimed again; null when it was given up.
Errors: MP057 lease_invalid (p_retry_in); MP058 lease_lost when another worker has it by now, or it is finished.
Locks: the task's row.
$$;
