create or replace function marketing.claim_budget_alerts(
  p_limit integer default 10, p_lease interval default '1 minute', p_worker text default null
)
  returns table (task_id bigint, lease_token uuid, payload jsonb, attempt integer, leased_until timestamptz)
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select t.* from platform.claim_tasks('marketing.budget_alert', p_limit, p_lease, p_worker) as t
$$;

comment on function marketing.claim_budget_alerts(integer, interval, text) is $$
Take alerts of all workspaces' budgets on lease, to send them on. They are ended with platform.ack_task, given back with platform.fail_task,
held longer with platform.extend_task (sql/platform/README.md, Tasks).
p_limit: how many at most.
p_lease: for how long they are this worker's, 30 days at most.
p_worker: who that is, in its own words.
Returns: one row for each; payload: alert_id, workspace_id, budget_id, name, kind, level, currency, spent_amount, total_amount (the comments
on marketing.budget_alerts); attempt counts from 1.
Errors: MP057 lease_invalid.
Locks: the tasks; those that others hold are passed over.
$$;
