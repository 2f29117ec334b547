-- The ledger and the balance are written together; the subscription's row has been locked by whoever calls. A subscription that has ended
-- has no next bill: what was paid for the period goes out of its ledger again, and back to the customer.

create or replace function coffee._credit_box(
  p_subscription_id uuid, p_period_id bigint, p_amount numeric, p_reason text, p_order_job_id bigint
)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_job    coffee.billing_jobs;
  v_refund numeric := 0;
  v_box    coffee.monthly_order_jobs;
  v_taken  numeric;
begin
  if (p_amount > 0) is not true then
    return;
  end if;

  -- first what it took of the period, then its extras, which were paid apart
  select j.* into v_box from coffee.monthly_order_jobs as j where j.id = p_order_job_id;
  v_taken := coffee._lower_value(p_period_id, least(p_amount, v_box.value));
  update coffee.monthly_order_jobs as j set value = j.value - v_taken where j.id = p_order_job_id;
  p_amount := v_taken + least(p_amount - least(p_amount, v_box.value), coffee._box_price(v_box) - v_box.value);
  if (p_amount > 0) is not true then
    return;
  end if;

  select b.* into v_job
  from coffee.billing_jobs as b
  join coffee.coffee_subscriptions as s on s.id = b.subscription_id
  where b.period_id = p_period_id and b.status = 'succeeded' and s.status = 'cancelled';
  if found then
    select least(p_amount, v_job.amount + coalesce(sum(c.amount), 0)) into v_refund
    from coffee.subscription_credits as c
    where c.period_id = p_period_id and c.reason = 'refunded';
  end if;

  insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
  select p_subscription_id, p_period_id, c.amount, c.reason, platform.now()
  from (values (1, p_amount, p_reason), (2, -v_refund, 'refunded')) as c (position, amount, reason)
  where c.amount <> 0
  order by c.position;
  update coffee.coffee_subscriptions as s
  set credit_balance = s.credit_balance + p_amount - v_refund
  where s.id = p_subscription_id and p_amount <> v_refund;

  if v_refund > 0 then
    v_job.amount := v_refund;
    perform coffee._refund(v_job, v_job.gateway_reference, p_reason, 'box ' || p_order_job_id || ' ' || p_reason);
  end if;
end;
$$;

comment on function coffee._credit_box(uuid, bigint, numeric, text, bigint) is $$
Credit a subscription for something that was paid for and not sent: the next bills take it off. When it has ended, as much of it as was paid
in money is asked to be refunded (task coffee.refund_charge), which the ledger shows (refunded); what was paid with credit stays so.
p_subscription_id: the subscription.
p_period_id: the period that was paid.
p_amount: how much; no more than is left of what was paid for the box, and nothing happens when it is not positive.
p_reason: for the record.
p_order_job_id: the request for the box that it is about.
Locks: the subscription's row, the rows of the period, the request.
$$;
