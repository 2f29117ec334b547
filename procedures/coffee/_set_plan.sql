create or replace function coffee._set_plan(p_subscription_id uuid, p_plan_id bigint, p_price_per_month numeric)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  -- boxes of what was billed are packed by the plan that it was billed for
  update coffee.billing_periods as b
  set plan_id = s.plan_id, price_per_month = s.price_per_month
  from coffee.coffee_subscriptions as s
  where s.id = p_subscription_id
    and b.subscription_id = s.id
    and b.plan_id is null
    and (
      b.period_index = s.next_period - 1
      or exists (select from coffee.monthly_order_jobs as j where j.period_id = b.id and j.status in ('pending', 'delayed'))
    );

  update coffee.coffee_subscriptions as s
  set plan_id = p.id,
    type = p.type,
    price_per_month = p_price_per_month,
    includes_lab_pro = p.includes_lab_pro,
    interval_months = p.interval_months,
    anchor_at = case when p.interval_months = s.interval_months then s.anchor_at else a.anchor_at end,
    anchor_period = case when p.interval_months = s.interval_months then s.anchor_period else a.anchor_period end,
    pending_plan_id = null,
    pending_plan_period = null,
    pending_price = null
  from coffee.coffee_subscriptions as t
  join coffee.plans as p on p.id = p_plan_id
  cross join lateral coffee._anchor_for(t, p.interval_months) as a
  where s.id = p_subscription_id and t.id = s.id;

  perform coffee._record_event(p_subscription_id, 'plan_changed', jsonb_build_object(
    'plan_id', p_plan_id, 'price_per_month', p_price_per_month
  ));
end;
$$;

comment on function coffee._set_plan(uuid, bigint, numeric) is $$
Put a subscription on another plan from its next period on, without moving that period.
p_subscription_id: the subscription, locked.
p_plan_id: the plan.
p_price_per_month: agreed price of a month.
$$;
