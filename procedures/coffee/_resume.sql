-- The rest of the period that was cut comes first and costs nothing; then the next period begins, so the anchor is where the rest ends.
-- What the rest is worth is taken from the row that it was cut from, so that the two are worth what was paid.

create or replace function coffee._resume(p_subscription_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_subscription coffee.coffee_subscriptions;
  v_row          coffee.billing_periods;
  v_from         timestamptz;
  v_used         numeric;
  v_rest         numeric;
  v_value        numeric := 0;
begin
  select s.* into strict v_subscription from coffee.coffee_subscriptions as s where s.id = p_subscription_id;

  select b.* into v_row
  from coffee.billing_periods as b
  where b.subscription_id = p_subscription_id
  order by b.period_index desc, b.part desc
  limit 1;
  v_from := greatest(p_at, upper(v_row.period));

  if v_subscription.paused_remainder is not null then
    v_used := extract(epoch from upper(v_row.period) - lower(v_row.period));
    v_rest := extract(epoch from v_subscription.paused_remainder);
    select coffee.prorate(v_row.value, v_rest, v_used + v_rest, c.exponent) into v_value
    from platform.currencies as c
    where c.code = v_subscription.currency;

    update coffee.billing_periods as b set value = b.value - v_value where b.id = v_row.id;
    insert into coffee.billing_periods (
      subscription_id, period_index, part, period, kind, amount, value, price, plan_id, price_per_month, created_at
    )
    values (
      v_row.subscription_id, v_row.period_index, v_row.part + 1,
      tstzrange(v_from, p_at + v_subscription.paused_remainder),
      case when v_row.kind in ('billed', 'changed') then 'carried' else v_row.kind end,
      0, v_value, coalesce(v_row.price, v_row.value), v_row.plan_id, v_row.price_per_month, platform.now()
    );
  end if;

  -- boxes that have not been packed come later by as much
  update coffee.monthly_order_jobs as j
  set run_at = n.run_at,
    target_month = (j.target_month + make_interval(months => ((n.year - n.old_year) * 12 + n.month - n.old_month)::integer))::date,
    updated_at = platform.now()
  from (
    select
      w.id, m.run_at,
      extract(year from m.run_at at time zone v_subscription.time_zone) as year,
      extract(month from m.run_at at time zone v_subscription.time_zone) as month,
      extract(year from w.run_at at time zone v_subscription.time_zone) as old_year,
      extract(month from w.run_at at time zone v_subscription.time_zone) as old_month
    from coffee.monthly_order_jobs as w
    cross join lateral (
      select w.run_at + extract(epoch from p_at - v_subscription.paused_at) * interval '1 second' as run_at
    ) as m
    where w.period_id in (select b.id from coffee.billing_periods as b where b.subscription_id = p_subscription_id)
      and w.status in ('pending', 'delayed')
  ) as n
  where j.id = n.id;

  update coffee.coffee_subscriptions as s
  set status = 'active',
    paused_at = null,
    paused_remainder = null,
    resume_at = null,
    anchor_at = coalesce(p_at + s.paused_remainder, v_from),
    anchor_period = s.next_period
  where s.id = p_subscription_id;
end;
$$;

comment on function coffee._resume(uuid, timestamptz) is $$
Resume a paused subscription. What was left of its period runs on without a charge; the next period is due when that ends, or at once. Boxes
that have not been packed move by the length of the pause.
p_subscription_id: the subscription, locked.
p_at: from when on: now, or resume_at; not before the pause.
Errors: 23505 when a period was handled meanwhile, which the state of the subscription denies.
Locks: the last row of billing_periods, the monthly_order_jobs that have not been done.
$$;
