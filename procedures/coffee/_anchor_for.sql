-- With another interval the periods must go on where the last one ends, and keep the day of the month that was agreed: 31 January that has
-- become 28 February goes on to 31 March. So the new anchor lies a number of new intervals before that start, in a month that has the
-- day. Only anchors that lead exactly to the start count; the start itself always does.

create or replace function coffee._anchor_for(
  p_subscription coffee.coffee_subscriptions, p_interval_months integer, out anchor_at timestamptz, out anchor_period integer
)
  returns record
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select a.anchor_at, p_subscription.next_period - a.intervals
  from (
    select
      i.intervals,
      case i.intervals
        when 0 then p_subscription.next_billing_at
        else platform.period_start(
          p_subscription.anchor_at,
          1,
          (p_subscription.next_period - p_subscription.anchor_period) * p_subscription.interval_months - i.intervals * p_interval_months,
          p_subscription.time_zone
        )
      end as anchor_at
    from generate_series(0, 48) as i (intervals)
  ) as a
  where platform.period_start(a.anchor_at, p_interval_months, a.intervals, p_subscription.time_zone) = p_subscription.next_billing_at
  order by date_part('day', a.anchor_at at time zone p_subscription.time_zone) desc, a.intervals
  limit 1
$$;

comment on function coffee._anchor_for(coffee.coffee_subscriptions, integer) is $$
The anchor from which periods of another length go on where the next period begins.
p_subscription: the row of coffee_subscriptions.
p_interval_months: months in a period from then on.
Returns: one row: anchor_at, and anchor_period, the number of the period that begins there, which may be below zero.
$$;
