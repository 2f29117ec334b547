-- While a subscription is paused, nobody knows when the next period begins, so nothing is too late for it.

create or replace function coffee._editable_period(p_subscription coffee.coffee_subscriptions, p_at timestamptz)
  returns integer
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_subscription.status = 'paused' then p_subscription.next_period
    else greatest(
      p_subscription.next_period,
      p_subscription.anchor_period + 1 + platform.period_number(
        p_subscription.anchor_at,
        p_subscription.interval_months,
        p_subscription.time_zone,
        ((p_at at time zone p_subscription.time_zone) + p.cutoff) at time zone p_subscription.time_zone
      )
    )
  end
  from coffee.plans as p
  where p.id = p_subscription.plan_id
$$;

comment on function coffee._editable_period(coffee.coffee_subscriptions, timestamptz) is $$
The first period whose box can still be changed: it has not been billed, and its cut-off (plans.cutoff, in the calendar of the
subscription's zone) has not come.
p_subscription: the row of coffee_subscriptions.
p_at: when the change is made.
Returns: the period's number.
$$;
