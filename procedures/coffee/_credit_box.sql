-- The ledger and the balance are written together; the subscription's row has been locked by whoever calls. A subscription that has ended
-- has no next bill: what was paid for the period is paid back.

create or replace function coffee._credit_box(p_subscription_id uuid, p_period_id bigint, p_amount numeric, p_reason text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_job coffee.billing_jobs;
begin
  if p_amount > 0 then
    select b.* into v_job
    from coffee.billing_jobs as b
    join coffee.coffee_subscriptions as s on s.id = b.subscription_id
    where b.period_id = p_period_id and b.status = 'succeeded' and b.amount > 0 and s.status = 'cancelled';

    if found then
      perform platform.enqueue_task(
        'coffee.refund_charge',
        jsonb_build_object(
          'job_id', v_job.id, 'subscription_id', v_job.subscription_id, 'period_id', v_job.period_id,
          'amount', least(p_amount, v_job.amount), 'currency', v_job.currency, 'gateway_reference', v_job.gateway_reference,
          'reason', p_reason
        )
      );
      return;
    end if;

    insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
    values (p_subscription_id, p_period_id, p_amount, p_reason, platform.now());

    update coffee.coffee_subscriptions as s
    set credit_balance = s.credit_balance + p_amount
    where s.id = p_subscription_id;
  end if;
end;
$$;

comment on function coffee._credit_box(uuid, bigint, numeric, text) is $$
Credit a subscription for something that was paid for and not sent: the next bills take it off. When it has ended, as much of the payment is
asked to be refunded (task coffee.refund_charge).
p_subscription_id: the subscription.
p_period_id: the period that was paid.
p_amount: how much; nothing happens when it is not positive.
p_reason: for the record.
Locks: the subscription's row.
$$;
