-- What is to be bought again tells what has just been packed, also in blind boxes; whose bill was refused is nobody's business either.

create or replace function coffee.claim_admin_tasks(
  p_topic text, p_limit integer default 1, p_lease interval default '1 minute', p_worker text default null
)
  returns table (task_id bigint, lease_token uuid, payload jsonb, attempt integer, leased_until timestamptz)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if (p_topic in ('coffee.low_stock', 'coffee.billing_refused')) is not true then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_topic', 'value', p_topic, 'problem', 'the topics are coffee.low_stock and coffee.billing_refused'
    ));
  end if;
  return query select t.* from platform.claim_tasks(p_topic, p_limit, p_lease, p_worker) as t;
end;
$$;

comment on function coffee.claim_admin_tasks(text, integer, interval, text) is $$
Take tasks that are not for applications on lease; otherwise as coffee.claim_tasks.
p_topic: coffee.low_stock: buy it again (payload: inventory_id, coffee_id, unit, name, roaster_id, available, …); or
coffee.billing_refused: see to a subscription whose bill was refused (payload: subscription_id, …).
p_limit: how many at most.
p_lease: for how long they are this worker's, 30 days at most.
p_worker: who that is, in its own words.
Returns: one row for each task; attempt counts from 1.
Errors: MF002 coffee_argument_invalid for another topic, MP057 lease_invalid.
Locks: the tasks; those that others hold are passed over.
$$;
