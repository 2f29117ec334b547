-- Only what is meant for applications: another topic would tell them what was packed (coffee.claim_admin_tasks).

create or replace function coffee.claim_tasks(
  p_topic text, p_limit integer default 1, p_lease interval default '1 minute', p_worker text default null
)
  returns table (task_id bigint, lease_token uuid, payload jsonb, attempt integer, leased_until timestamptz)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  if (p_topic in ('coffee.notify', 'coffee.refund_charge')) is not true then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_topic', 'value', p_topic, 'problem', 'the topics are coffee.notify and coffee.refund_charge'
    ));
  end if;
  return query select t.* from platform.claim_tasks(p_topic, p_limit, p_lease, p_worker) as t;
end;
$$;

comment on function coffee.claim_tasks(text, integer, interval, text) is $$
Take tasks that are an application's on lease, for work outside of the database. They are ended with platform.ack_task, given back with
platform.fail_task, held longer with platform.extend_task (sql/platform/README.md, Tasks).
p_topic: coffee.notify: send a notification on (payload: notification_id, user_id); or coffee.refund_charge: pay back
(sql/coffee/README.md).
p_limit: how many at most.
p_lease: for how long they are this worker's, 30 days at most.
p_worker: who that is, in its own words.
Returns: one row for each task; attempt counts from 1.
Errors: MF002 coffee_argument_invalid for another topic, MP057 lease_invalid.
Locks: the tasks; those that others hold are passed over.
$$;
