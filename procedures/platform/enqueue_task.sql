create or replace function platform.enqueue_task(
  p_topic text,
  p_payload jsonb default '{}',
  p_dedupe_key text default null,
  p_run_at timestamptz default null,
  p_max_attempts integer default 10
)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_id bigint;
begin
  loop
    insert into platform.tasks (topic, payload, dedupe_key, run_at, max_attempts, created_at)
    values (
      p_topic, coalesce(p_payload, '{}'), p_dedupe_key, coalesce(p_run_at, platform.now()), coalesce(p_max_attempts, 10), platform.now()
    )
    on conflict (topic, dedupe_key) where dedupe_key is not null do nothing
    returning id into v_id;
    exit when found;

    select t.id into v_id from platform.tasks as t where t.topic = p_topic and t.dedupe_key = p_dedupe_key;
    exit when found;  -- else it was pruned between the two statements
  end loop;
  return v_id;
end;
$$;

comment on function platform.enqueue_task(text, jsonb, text, timestamptz, integer) is $$
Put a task into a topic's queue; it can be claimed once this transaction has committed.
p_topic: schema.kind of work, e.g. 'coffee.charge_subscription'.
p_payload: what the worker needs to know; null is {}.
p_dedupe_key: of the tasks of a topic that have the same key only the first is kept, until seven days after it was done; null: no check.
p_run_at: when it may first be claimed; null: at once.
p_max_attempts: how often it is claimed before it is given up; null is 10.
Returns: the task's id; that of the earlier one when there is one with the same key, whatever its payload and state.
Errors: 23514 when the topic is not of the form schema.kind, the key is empty or longer than 200 characters, or p_max_attempts is
not positive: faults of the calling routine.
Locks: while another transaction is enqueuing the same key, waits for its end. In repeatable read a key that was committed since this
transaction began is 40001.
$$;
