-- All that is due of many subscriptions, in two statements: what is written for each period, then where each subscription goes on. In
-- this order, because the foreign keys of the first find the subscriptions locked already, and need not write a lock of their own.
-- The amounts go through windows: of several periods the oldest use credit and prepayment first.
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
      (
        select max(b.ends_at) from coffee.billing_periods as b where b.subscription_id = s.id
      ) as last_end,
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
  ), changes as (
    select
      c.subscription_id, c.period_index,
      bool_or(c.kind = 'skip') as is_skipped,
      coalesce(sum(c.quantity * c.unit_price) filter (where c.kind = 'extra'), 0) as extras
    from coffee.period_changes as c
    where c.subscription_id = any (p_subscription_ids) and c.kind in ('skip', 'extra')
    group by c.subscription_id, c.period_index
  ), due as (
    select
      c.*,
      n.period_index,
      case n.period_index
        when c.first_period then tstzrange(c.first_at, c.second_at)
        else platform.period_of(c.anchor_at, c.interval_months, n.period_index - c.anchor_period, c.time_zone)
      end as period,
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
      case when d.kind = 'billed' then d.price else 0 end as value,
      d.kind = 'billed' and count(*) filter (where d.kind = 'billed') over w <= d.prepaid_remaining as is_prepaid
    from due as d
    window w as (partition by d.id order by d.period_index)
  ), priced as (
    select
      c.*,
      case when c.kind = 'billed' then c.extras + case when c.is_prepaid then 0 else c.price end else 0 end as total
    from counted as c
  ), settled as (
    select
      p.*,
      greatest(least(p.total, p.credit_balance + p.total - sum(p.total) over w), 0) as used,
      coalesce(lag(upper(p.period)) over w, p.last_end) as previous_end
    from priced as p
    window w as (partition by p.id order by p.period_index)
  ), periods as (
    insert into coffee.billing_periods as b (
      subscription_id, period_index, period, previous_end, kind, amount, value, created_at
    )
    select
      s.id, s.period_index, s.period, s.previous_end, case when s.is_prepaid then 'prepaid' else s.kind end,
      s.total - s.used, s.value, v_now
    from settled as s
    returning b.id, b.subscription_id, b.period_index, b.period, b.kind, b.amount
  ), jobs as (
    insert into coffee.billing_jobs (
      subscription_id, period_id, amount, currency, due_date, status, completed_at, created_at, updated_at
    )
    select
      b.subscription_id, b.id, b.amount, c.currency, lower(b.period), case when b.amount > 0 then 'waiting' else 'succeeded' end,
      case when b.amount > 0 then null else v_now end, v_now, v_now
    from periods as b
    join chosen as c on c.id = b.subscription_id
    where b.kind in ('billed', 'prepaid')
  ), boxes as (
    insert into coffee.monthly_order_jobs (subscription_id, period_id, box_no, target_month, run_at, created_at, updated_at)
    select
      b.subscription_id, b.id, n.box_no, m.month::date,
      case
        when n.box_no = 0 then lower(b.period)
        when c.preferred_delivery_day is null then r.starts_at at time zone c.time_zone
        else (
          m.month + make_interval(days => c.preferred_delivery_day - 1) + (r.starts_at - date_trunc('day', r.starts_at))
        ) at time zone c.time_zone
      end,
      v_now, v_now
    from periods as b
    join chosen as c on c.id = b.subscription_id
    cross join lateral generate_series(0, c.interval_months - 1) as n (box_no)
    cross join lateral (
      select
        case n.box_no
          when 0 then lower(b.period)
          else platform.period_start(
            c.anchor_at, 1, (b.period_index - c.anchor_period) * c.interval_months + n.box_no, c.time_zone
          )
        end at time zone c.time_zone as starts_at
      offset 0
    ) as r
    cross join lateral (select date_trunc('month', r.starts_at) as month) as m
    where b.kind in ('billed', 'prepaid')
  ), credits as (
    insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
    select s.id, b.id, -s.used, 'billed', v_now
    from settled as s
    join periods as b on b.subscription_id = s.id and b.period_index = s.period_index
    where s.used > 0
  ), moved as (
    select
      s.id, max(s.period_index) + 1 as next_period, max(upper(s.period)) as next_at, sum(s.used) as used, count(*) as periods,
      count(*) filter (where s.is_prepaid) as prepaid
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
