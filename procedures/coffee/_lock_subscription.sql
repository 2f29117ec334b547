-- One that is somebody else's is refused like one that does not exist: who asks learns nothing of it.

create or replace function coffee._lock_subscription(p_subscription_id uuid, p_user_id uuid)
  returns coffee.coffee_subscriptions
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_subscription coffee.coffee_subscriptions;
begin
  if p_subscription_id is null or p_user_id is null then
    perform platform.fail('coffee_argument_missing',
      jsonb_build_object('argument', case when p_subscription_id is null then 'p_subscription_id' else 'p_user_id' end));
  end if;

  select s.* into v_subscription
  from coffee.coffee_subscriptions as s
  where s.id = p_subscription_id and s.user_id = p_user_id
  for no key update;
  if not found then
    perform platform.fail('subscription_not_found', jsonb_build_object('subscription_id', p_subscription_id));
  end if;
  return v_subscription;
end;
$$;

comment on function coffee._lock_subscription(uuid, uuid) is $$
Find a user's subscription and lock it.
p_subscription_id: the subscription.
p_user_id: whose it is.
Returns: the row of coffee_subscriptions.
Errors: MF001 coffee_argument_missing, MF020 subscription_not_found.
Locks: the subscription's row.
$$;
