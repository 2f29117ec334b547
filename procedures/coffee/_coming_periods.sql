-- Amounts as billing will work them out: prepaid periods cost their extras only, and credit goes to the first that have something to pay.

create or replace function coffee._coming_periods(p_subscription coffee.coffee_subscriptions, p_count integer)
  returns table (period_index integer, starts_at timestamptz, ends_at timestamptz, kind text, amount numeric)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with calendar as (
    -- as things stand after a change of plan that has been said
    select
      n.period_index,
      case when n.is_pending then p.interval_months else p_subscription.interval_months end as interval_months,
      case when n.is_pending then p_subscription.pending_price else p_subscription.price_per_month end as price_per_month,
      case
        when n.is_pending and p.interval_months <> p_subscription.interval_months then a.anchor_at
        else p_subscription.anchor_at
      end as anchor_at,
      case
        when n.is_pending and p.interval_months <> p_subscription.interval_months then a.anchor_period
        else p_subscription.anchor_period
      end as anchor_period
    from (
      select
        n.period_index,
        coalesce(n.period_index >= p_subscription.pending_plan_period, false) as is_pending
      from generate_series(p_subscription.next_period, p_subscription.next_period + p_count - 1) as n (period_index)
      where p_subscription.status in ('active', 'past_due') and p_subscription.pause_at is null and p_subscription.cancel_at is null
    ) as n
    left join coffee.plans as p on p.id = p_subscription.pending_plan_id
    left join lateral coffee._anchor_for(
      jsonb_populate_record(p_subscription, jsonb_build_object(
        'next_period', p_subscription.pending_plan_period,
        'next_billing_at', platform.period_start(
          p_subscription.anchor_at, p_subscription.interval_months, p_subscription.pending_plan_period - p_subscription.anchor_period,
          p_subscription.time_zone
        )
      )),
      p.interval_months
    ) as a on n.is_pending
  ), said as (
    select
      c.period_index,
      platform.period_of(c.anchor_at, c.interval_months, c.period_index - c.anchor_period, p_subscription.time_zone) as period,
      c.price_per_month * c.interval_months as price,
      coalesce(h.is_skipped, false) as is_skipped,
      coalesce(h.extras, 0) as extras
    from calendar as c
    left join lateral (
      select
        bool_or(h.kind = 'skip') as is_skipped,
        sum(h.quantity * h.unit_price) filter (where h.kind = 'extra') as extras
      from coffee.period_changes as h
      where h.subscription_id = p_subscription.id and h.period_index = c.period_index
    ) as h on true
  ), priced as (
    select
      s.*,
      case
        when s.is_skipped then 0
        when row_number() over (partition by s.is_skipped order by s.period_index) <= p_subscription.prepaid_remaining then s.extras
        else s.price + s.extras
      end as total
    from said as s
  )
  select
    p.period_index, lower(p.period), upper(p.period), case when p.is_skipped then 'skip' else 'coming' end,
    p.total - greatest(least(p.total, p_subscription.credit_balance + p.total - sum(p.total) over (order by p.period_index)), 0)
  from priced as p
$$;

comment on function coffee._coming_periods(coffee.coffee_subscriptions, integer) is $$
The periods that will be billed, as things stand.
p_subscription: the row of coffee_subscriptions.
p_count: how many.
Returns: rows: period_index, starts_at, ends_at, kind (coming or skip), amount. None after an end or a pause, or while it is paused.
$$;
