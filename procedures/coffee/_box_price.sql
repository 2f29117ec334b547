-- A period costs its months and its extras; each month has a box, and the extras lie in the first.

create or replace function coffee._box_price(p_job coffee.monthly_order_jobs, p_subscription coffee.coffee_subscriptions)
  returns numeric
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select p_subscription.price_per_month + coalesce(sum(c.quantity * c.unit_price), 0)
  from coffee.billing_periods as b
  join coffee.period_changes as c
    on c.subscription_id = b.subscription_id and c.period_index = b.period_index and c.kind = 'extra' and p_job.box_no = 0
  where b.id = p_job.period_id
$$;

comment on function coffee._box_price(coffee.monthly_order_jobs, coffee.coffee_subscriptions) is $$
What of the price of a period is for one of its boxes: what is credited when that is not sent.
p_job: the request for the box.
p_subscription: its subscription.
Returns: the amount, in the currency of the subscription.
$$;
