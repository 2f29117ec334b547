create or replace function coffee._plan_of(p_subscription coffee.coffee_subscriptions, p_period integer)
  returns bigint
  language sql
  immutable
  parallel safe
  return case when p_period >= p_subscription.pending_plan_period then p_subscription.pending_plan_id else p_subscription.plan_id end;

comment on function coffee._plan_of(coffee.coffee_subscriptions, integer) is $$
The plan of a coming period.
p_subscription: the row of coffee_subscriptions.
p_period: the period's number.
Returns: the plan's id.
$$;
