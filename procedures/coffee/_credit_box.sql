-- The ledger and the balance are written together; the subscription's row has been locked by whoever calls. A subscription that has ended
-- has no next bill: what was paid for the period, by whichever of its bills, goes out of its ledger again, and back to the customer.
-- Extras were paid apart, so what is credited for them is not taken off the value of the period: that is what its other items are worth.
-- Missing from a box are those that it does not hold; with a box that is cancelled after it was paid go those that it holds, and with one
-- that was cancelled before (_credit_unsent) or skipped go all.

create or replace function coffee._credit_box(
  p_subscription_id uuid, p_period_id bigint, p_amount numeric, p_reason text, p_order_job_id bigint
)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_box    coffee.monthly_order_jobs;
  v_all    numeric;
  v_packed numeric;
  v_extras numeric;
  v_taken  numeric;
  v_money  numeric;
  v_job    coffee.billing_jobs;
begin
  if (p_amount > 0) is not true then
    return;
  end if;

  select j.* into v_box from coffee.monthly_order_jobs as j where j.id = p_order_job_id;
  v_all := coffee._box_price(v_box) - coalesce(v_box.value, 0);
  select coalesce(sum(i.quantity * i.unit_price), 0) into v_packed
  from coffee.subscription_orders as o
  join coffee.order_items as i on i.order_id = o.id and i.is_extra
  where o.order_job_id = p_order_job_id;
  v_extras := case
    when p_reason = 'items_missing' then v_all - v_packed
    when exists (
      select from coffee.subscription_orders as o where o.order_job_id = p_order_job_id and p_amount <= o.total_price
    ) then v_packed
    else v_all
  end;
  v_extras := least(greatest(v_extras, 0), p_amount);

  v_taken := coffee._lower_value(p_period_id, least(p_amount - v_extras, v_box.value));
  update coffee.monthly_order_jobs as j set value = j.value - v_taken where j.id = p_order_job_id;
  p_amount := v_taken + v_extras;
  if p_amount = 0 then
    return;
  end if;

  insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
  values (p_subscription_id, p_period_id, p_amount, p_reason, platform.now());

  for v_job in
    select j.*
    from coffee.billing_periods as w
    join coffee.coffee_subscriptions as s on s.id = w.subscription_id and s.status = 'cancelled'
    join coffee.billing_periods as b on b.subscription_id = w.subscription_id and b.period_index = w.period_index
    join coffee.billing_jobs as j on j.period_id = b.id and j.status = 'succeeded' and j.amount > 0
    where w.id = p_period_id
    order by b.part
  loop
    select least(p_amount, v_job.amount + coalesce(sum(c.amount), 0)) into v_money
    from coffee.subscription_credits as c
    where c.period_id = v_job.period_id and c.reason = 'refunded';
    if v_money > 0 then
      insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
      values (p_subscription_id, v_job.period_id, -v_money, 'refunded', platform.now());
      v_job.amount := v_money;
      perform coffee._refund(v_job, v_job.gateway_reference, p_reason, 'box ' || p_order_job_id || ' ' || p_reason);
      p_amount := p_amount - v_money;
    end if;
  end loop;

  update coffee.coffee_subscriptions as s
  set credit_balance = s.credit_balance + p_amount
  where s.id = p_subscription_id and p_amount <> 0;
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
