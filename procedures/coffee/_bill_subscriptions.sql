-- All that is due of many subscriptions, in two statements: what is written for each period, then where each subscription goes on.
-- The numbers of the periods are drawn before they are written, so that periods, bills and boxes come from one reading, without joins.
-- They are written in the order of their subscriptions, as three indexes lie: neighbours share a page, which is in the cache by then.
-- Where there is credit or a prepayment the amounts go through windows: of several periods the oldest use it first. Most have neither,
-- and are spared the sorting.
-- A plan that is to change begins with its own period: what is due from there on is left for the next call.

create or replace function coffee._bill_subscriptions(p_subscription_ids uuid[], p_at timestamptz, p_only_missed boolean default false)
  returns bigint
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set jit = off
as $$
declare
  v_now     timestamptz := platform.now();
  v_ids     uuid[];
  v_next    integer[];
  v_dates   timestamptz[];
  v_used    numeric[];
  v_prepaid integer[];
  v_count   bigint;
begin
  with chosen as materialized (
    select
      s.id, s.anchor_at, s.anchor_period, s.interval_months, s.time_zone, s.currency, s.preferred_delivery_day,
      s.credit_balance, s.prepaid_remaining, s.price_per_month * s.interval_months as price, p.catch_up, p.catch_up_maximum,
      s.next_period as first_period,
      (select max(b.ends_at) from coffee.billing_periods as b where b.subscription_id = s.id) as last_end,
      l.period as latest_period,
      least(l.period - p_only_missed::integer, s.pending_plan_period - 1) as last_period,
      s.next_billing_at as first_at,
      n.second_at
    from coffee.coffee_subscriptions as s
    join coffee.plans as p on p.id = s.plan_id
    cross join lateral (
      select platform.period_start(s.anchor_at, s.interval_months, s.next_period + 1 - s.anchor_period, s.time_zone) as second_at
      offset 0  -- computed once
    ) as n
    cross join lateral (
      select case
        when n.second_at > p_at then s.next_period
        else s.anchor_period + platform.period_number(s.anchor_at, s.interval_months, s.time_zone, p_at)
      end as period
    ) as l
    where s.id = any (p_subscription_ids)
    order by s.id
  ), changes as (
    select
      c.subscription_id, c.period_index,
      bool_or(c.kind = 'skip') as is_skipped,
      coalesce(sum(c.quantity * c.unit_price) filter (where c.kind = 'extra'), 0) as extras
    from coffee.period_changes as c
    where c.subscription_id = any (p_subscription_ids) and c.kind in ('skip', 'extra')
    group by c.subscription_id, c.period_index
  ), due as not materialized (
    select
      c.*,
      n.period_index,
      case n.period_index when c.first_period then c.first_at else platform.period_start(
        c.anchor_at, c.interval_months, n.period_index - c.anchor_period, c.time_zone
      ) end as starts_at,
      case n.period_index when c.first_period then c.second_at else platform.period_start(
        c.anchor_at, c.interval_months, n.period_index + 1 - c.anchor_period, c.time_zone
      ) end as ends_at,
      coalesce(g.extras, 0) as extras,
      case
        when g.is_skipped then 'skipped'
        when p_only_missed
          or c.catch_up = 'latest' and n.period_index < c.latest_period
          or c.catch_up = 'skip' and c.first_period < c.latest_period
          or c.latest_period - n.period_index >= c.catch_up_maximum
          then 'missed'
        else 'billed'
      end as kind
    from chosen as c
    cross join lateral generate_series(c.first_period, c.last_period) as n (period_index)
    left join changes as g on g.subscription_id = c.id and g.period_index = n.period_index
  ), counted as (
    select
      d.*,
      case
        when count(*) filter (where d.kind = 'billed') over w <= d.prepaid_remaining and d.kind = 'billed' then 'prepaid'
        else d.kind
      end as settled_kind
    from due as d
    where d.credit_balance > 0 or d.prepaid_remaining > 0
    window w as (partition by d.id order by d.period_index)
  ), priced as (
    select
      c.*,
      case c.settled_kind when 'billed' then c.extras + c.price when 'prepaid' then c.extras else 0 end as total
    from counted as c
  ), settled as materialized (
    select
      nextval('coffee.billing_periods_id_seq') as period_id, d.id, d.period_index, d.starts_at, d.ends_at, d.kind,
      case d.period_index when d.first_period then d.last_end else d.starts_at end as previous_end,
      case d.kind when 'billed' then d.price else 0 end as value,
      case d.kind when 'billed' then d.extras + d.price else 0 end as amount,
      0.0 as used,
      d.currency, d.anchor_at, d.anchor_period, d.interval_months, d.time_zone, d.preferred_delivery_day
    from due as d
    where d.credit_balance = 0 and d.prepaid_remaining = 0
    union all
    select
      nextval('coffee.billing_periods_id_seq'), u.id, u.period_index, u.starts_at, u.ends_at, u.settled_kind,
      case u.period_index when u.first_period then u.last_end else u.starts_at end,
      case u.kind when 'billed' then u.price else 0 end,
      u.total - u.used,
      u.used,
      u.currency, u.anchor_at, u.anchor_period, u.interval_months, u.time_zone, u.preferred_delivery_day
    from (
      select
        p.*,
        greatest(
          least(p.total, p.credit_balance + p.total - sum(p.total) over (partition by p.id order by p.period_index)), 0
        ) as used
      from priced as p
    ) as u
  ), periods as (
    insert into coffee.billing_periods (
      id, subscription_id, period_index, period, previous_end, kind, amount, value, created_at
    )
    overriding system value
    select s.period_id, s.id, s.period_index, tstzrange(s.starts_at, s.ends_at), s.previous_end, s.kind, s.amount, s.value, v_now
    from settled as s
  ), jobs as (
    insert into coffee.billing_jobs (
      subscription_id, period_id, amount, currency, due_date, status, completed_at, created_at, updated_at
    )
    select
      s.id, s.period_id, s.amount, s.currency, s.starts_at, case when s.amount > 0 then 'waiting' else 'succeeded' end,
      case when s.amount > 0 then null else v_now end, v_now, v_now
    from settled as s
    where s.kind in ('billed', 'prepaid')
  ), boxes as (
    insert into coffee.monthly_order_jobs (subscription_id, period_id, box_no, target_month, run_at, created_at, updated_at)
    select s.id, s.period_id, 0, date_trunc('month', s.starts_at at time zone s.time_zone)::date, s.starts_at, v_now, v_now
    from settled as s
    where s.kind in ('billed', 'prepaid')
    union all
    select
      s.id, s.period_id, n.box_no, m.month::date,
      case
        when s.preferred_delivery_day is null then r.starts_at at time zone s.time_zone
        else (
          m.month + make_interval(days => s.preferred_delivery_day - 1) + (r.starts_at - date_trunc('day', r.starts_at))
        ) at time zone s.time_zone
      end,
      v_now, v_now
    from settled as s
    cross join lateral generate_series(1, s.interval_months - 1) as n (box_no)
    cross join lateral (
      select
        platform.period_start(
          s.anchor_at, 1, (s.period_index - s.anchor_period) * s.interval_months + n.box_no, s.time_zone
        ) at time zone s.time_zone as starts_at
      offset 0
    ) as r
    cross join lateral (select date_trunc('month', r.starts_at) as month) as m
    where s.kind in ('billed', 'prepaid') and s.interval_months > 1
  ), credits as (
    insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
    select s.id, s.period_id, -s.used, 'billed', v_now
    from settled as s
    where s.used > 0
  ), moved as (
    select
      s.id, max(s.period_index) + 1 as next_period, max(s.ends_at) as next_at, sum(s.used) as used, count(*) as periods,
      count(*) filter (where s.kind = 'prepaid') as prepaid
    from settled as s
    group by s.id
  )
  select
    array_agg(m.id), array_agg(m.next_period), array_agg(m.next_at), array_agg(m.used), array_agg(m.prepaid), coalesce(sum(m.periods), 0)
  into v_ids, v_next, v_dates, v_used, v_prepaid, v_count
  from moved as m;

  update coffee.coffee_subscriptions as s
  set next_period = m.next_period,
    next_billing_at = m.next_at,
    credit_balance = s.credit_balance - m.used,
    prepaid_remaining = s.prepaid_remaining - m.prepaid,
    updated_at = v_now
  from unnest(v_ids, v_next, v_dates, v_used, v_prepaid) as m (id, next_period, next_at, used, prepaid)
  where s.id = m.id and s.id = any (v_ids);  -- said twice: so its index is used, however large the table

  return v_count;
end;
$$;

comment on function coffee._bill_subscriptions(uuid[], timestamptz, boolean) is $$
Write what is due of subscriptions, and move them to their next period. The caller has locked them, has seen that they are to be billed,
and began this statement after that.
p_subscription_ids: the subscriptions.
p_at: until when: every period that has begun by then, up to a change of plan.
p_only_missed: only those that have ended by then, and none of them charged: what went by while a subscription was unpaid.
Returns: how many periods were handled.
Errors: 23505 and 23514 when a period was handled before, which the state of the subscription denies; 22003 when an amount is too large.
Locks: what it writes.
$$;
