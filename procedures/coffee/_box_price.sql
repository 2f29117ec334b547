-- A period costs what its boxes took of it, and its extras, which lie in the first.

create or replace function coffee._box_price(p_job coffee.monthly_order_jobs)
  returns numeric
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(p_job.value, 0) + coalesce(sum(c.quantity * c.unit_price), 0)
  from coffee.billing_periods as b
  join coffee.period_changes as c
    on c.subscription_id = b.subscription_id and c.period_index = b.period_index and c.kind = 'extra' and p_job.box_no = 0
  where b.id = p_job.period_id
$$;

comment on function coffee._box_price(coffee.monthly_order_jobs) is $$
What of the price of a period is for one of its boxes: what is credited when that is not sent.
p_job: the request for the box, packed or skipped.
Returns: the amount, in the currency of the subscription.
$$;
