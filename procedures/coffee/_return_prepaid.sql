-- A prepayment is for periods of what it was paid for. Where the coming ones cost something else, because the plan was changed meanwhile or
-- is to change, what the period was worth goes back as credit. It belongs to no period: nothing was paid for this one.

create or replace function coffee._return_prepaid(p_period_ids bigint[])
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with returned as (
    select
      s.id, sum(b.value) as value,
      sum(b.value) = s.price_per_month * s.interval_months
        and (s.pending_plan_id is null or sum(b.value) = s.pending_price * p.interval_months) as is_period
    from coffee.billing_periods as w
    join coffee.coffee_subscriptions as s on s.id = w.subscription_id and s.status <> 'cancelled'
    left join coffee.plans as p on p.id = s.pending_plan_id
    join coffee.billing_periods as b on b.subscription_id = w.subscription_id and b.period_index = w.period_index
    where w.id = any (p_period_ids) and w.kind = 'prepaid'
    group by w.id, s.id, p.id
  ), credited as (
    insert into coffee.subscription_credits (subscription_id, amount, reason, created_at)
    select r.id, r.value, 'prepaid', platform.now()
    from returned as r
    where not r.is_period and r.value > 0
  )
  update coffee.coffee_subscriptions as s
  set prepaid_remaining = s.prepaid_remaining + r.periods, credit_balance = s.credit_balance + r.credit
  from (
    select r.id, count(*) filter (where r.is_period) as periods, coalesce(sum(r.value) filter (where not r.is_period), 0) as credit
    from returned as r
    group by r.id
  ) as r
  where s.id = r.id
$$;

comment on function coffee._return_prepaid(bigint[]) is $$
Prepaid periods are given up: others are prepaid instead, or, where the coming ones cost something else, their worth is credited. Of
a subscription that has ended nothing comes back.
p_period_ids: the periods, the first part of each, while they still are prepaid; the caller has locked their subscriptions.
Locks: the rows of the subscriptions.
$$;
