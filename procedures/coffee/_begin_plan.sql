create or replace function coffee._begin_plan(p_subscription_id uuid)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform coffee._set_plan(s.id, s.pending_plan_id, s.pending_price)
  from coffee.coffee_subscriptions as s
  where s.id = p_subscription_id and s.pending_plan_period <= s.next_period;
  return found;
end;
$$;

comment on function coffee._begin_plan(uuid) is $$
Carry out the change of plan that was said for a subscription's next period.
p_subscription_id: the subscription, locked.
Returns: whether there was one for that period.
$$;
