-- A bill is for all boxes of its period, and at the gateway it cannot be changed any more. So a box that is given up before the payment is
-- not taken off the bill, but credited when that is paid: a payment that never comes credits nothing.

create or replace function coffee._credit_unsent(p_subscription coffee.coffee_subscriptions, p_period_id bigint)
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  select coffee._credit_box(p_subscription.id, p_period_id, u.amount, u.reason, u.id)
  from (
    select
      j.id,
      case when j.status = 'skipped' then coffee._box_price(j) else o.total_price + o.credit end as amount,
      case when j.status = 'skipped' then 'box_skipped' else 'order_cancelled' end as reason
    from coffee.monthly_order_jobs as j
    left join coffee.subscription_orders as o on o.order_job_id = j.id
    where j.period_id = p_period_id and (j.status = 'skipped' or o.status = 'cancelled')
    order by j.id
  ) as u
$$;

comment on function coffee._credit_unsent(coffee.coffee_subscriptions, bigint) is $$
A period has just been paid: credit its boxes that were cancelled or skipped before. To be called once for each payment.
p_subscription: the subscription, locked.
p_period_id: the period.
Locks: the subscription's row.
$$;
