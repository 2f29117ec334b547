create or replace function coffee._return_credit(p_period_ids bigint[])
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with used as (
    select c.subscription_id, c.period_id, -sum(c.amount) as amount
    from coffee.subscription_credits as c
    where c.period_id = any (p_period_ids) and c.reason in ('billed', 'returned')
    group by c.subscription_id, c.period_id
    having sum(c.amount) < 0
  ), returned as (
    insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
    select u.subscription_id, u.period_id, u.amount, 'returned', platform.now()
    from used as u
  )
  update coffee.coffee_subscriptions as s
  set credit_balance = s.credit_balance + u.amount
  from (select u.subscription_id, sum(u.amount) as amount from used as u group by u.subscription_id) as u
  where s.id = u.subscription_id
$$;

comment on function coffee._return_credit(bigint[]) is $$
Give back the credit that went into the bills of periods, once.
p_period_ids: the periods; the caller has locked their subscriptions.
Locks: the rows of the subscriptions.
$$;
