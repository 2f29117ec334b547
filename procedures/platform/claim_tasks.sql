-- Tasks whose last attempt ended without a word are buried here: the worker died with it, and would again.

create or replace function platform.claim_tasks(
  p_topic text,
  p_limit integer default 1,
  p_lease interval default '1 minute',
  p_worker text default null
)
  returns table (id bigint, lease_token uuid, payload jsonb, attempt integer, leased_until timestamptz)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if (p_lease > '0' and p_lease <= '30 days') is not true then
    perform platform.fail('lease_invalid', jsonb_build_object('lease', p_lease));
  end if;

  return query
  with due as (
    select t.id, t.run_at, t.attempts >= t.max_attempts as is_over
    from platform.tasks as t
    where t.topic = p_topic and t.status = 'ready' and t.run_at <= platform.now()
    order by t.run_at, t.id
    limit greatest(p_limit, 0)
    for update skip locked
  ), buried as (
    update platform.tasks as t
    set status = 'dead',
      finished_at = platform.now(),
      lease_token = null,
      last_error = 'the lease of the last attempt ran out'
    from due as d
    where t.id = d.id and d.is_over
  ), claimed as (
    update platform.tasks as t
    set run_at = platform.now() + p_lease,
      attempts = t.attempts + 1,
      lease_token = gen_random_uuid(),
      worker = p_worker
    from due as d
    where t.id = d.id and not d.is_over
    returning t.id, t.lease_token, t.payload, t.attempts, t.run_at, d.run_at as due_at
  )
  select c.id, c.lease_token, c.payload, c.attempts, c.run_at
  from claimed as c
  order by c.due_at, c.id;
end;
$$;

comment on function platform.claim_tasks(text, integer, interval, text) is $$
Take tasks that are due, on lease: nobody else gets them until it ends. Call it in a transaction of its own and commit at once, do the
work, then platform.ack_task or platform.fail_task; platform.extend_task when it takes longer. A worker that dies loses its leases, and
the tasks are claimed again: the work must bear being done twice, best by passing the task's id on as its request key.
p_topic: which tasks.
p_limit: how many at most.
p_lease: for how long, from the beginning of the transaction; 30 days at most.
p_worker: who claims them, for people to read.
Returns: the tasks, the longest due first: id, lease_token (to be given back), payload, attempt (1 for the first), leased_until. Fewer
than p_limit, or none, when there are not more, when others are claiming at the same moment, or when some were given up.
Errors: MP057 lease_invalid.
Locks: the rows of the tasks; those that are locked are passed over.
$$;
