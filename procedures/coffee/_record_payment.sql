-- First: is it a payment that is known? Then: is it one too many, or one too late? Whatever it is, it has been made, so it is written down
-- with its attempt, and what cannot be kept goes back.

create or replace function coffee._record_payment(
  p_subscription coffee.coffee_subscriptions,
  p_job coffee.billing_jobs,
  p_attempt coffee.charge_attempts,
  p_gateway_reference text
)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now      timestamptz := platform.now();
  v_other    bigint;
  v_is_paid  boolean;
  v_is_known boolean;
  v_result   text;
begin
  select a.job_id into v_other from coffee.charge_attempts as a where a.gateway_reference = p_gateway_reference;
  if v_other <> p_job.id then
    perform platform.fail('gateway_reference_used',
      jsonb_build_object('gateway_reference', p_gateway_reference, 'job_id', p_job.id, 'other_job_id', v_other));
  end if;

  v_is_paid := exists (select from coffee.charge_attempts as a where a.job_id = p_job.id and a.result = 'succeeded');
  v_is_known := p_attempt.result in ('succeeded', 'duplicate') or v_is_paid and not exists (  -- one idempotency key, until it is declined
    select
    from coffee.charge_attempts as a
    join coffee.charge_attempts as s on s.job_id = a.job_id and s.result = 'succeeded'
    where a.job_id = p_job.id
      and a.result = 'failed'
      and a.attempt >= least(s.attempt, p_attempt.attempt)
      and a.attempt < greatest(s.attempt, p_attempt.attempt)
  );
  v_result := case
    -- the same payment again
    when v_other is not null or v_is_known and p_gateway_reference is null then 'unknown'
    when v_is_paid then 'duplicate'
    else 'succeeded'
  end;

  if v_result = 'duplicate' and p_attempt.result in ('succeeded', 'duplicate') then
    update coffee.billing_jobs as j set attempts = j.attempts + 1, updated_at = v_now where j.id = p_job.id returning j.* into p_job;
    insert into coffee.charge_attempts (job_id, attempt, lease_token, result, gateway_reference, started_at, finished_at)
    values (p_job.id, p_job.attempts, p_attempt.lease_token, 'duplicate', p_gateway_reference, v_now, v_now)
    returning * into p_attempt;
  else
    update coffee.charge_attempts as a
    set result = v_result, gateway_reference = case when v_result <> 'unknown' then p_gateway_reference end, finished_at = v_now
    where a.id = p_attempt.id and (v_result <> 'unknown' or a.result is null);
  end if;

  if v_result = 'unknown' then
    return p_job.status;
  elsif v_result = 'duplicate' then
    perform coffee._refund(p_job, p_gateway_reference, 'paid twice', 'attempt ' || p_attempt.id);
    return p_job.status;
  elsif p_job.status = 'cancelled' or p_job.status = 'failed' and p_subscription.status = 'cancelled' then
    perform coffee._refund(p_job, p_gateway_reference, 'the bill was ' || p_job.status, 'attempt ' || p_attempt.id);
    return p_job.status;
  end if;

  update coffee.billing_jobs as j
  set status = 'succeeded', completed_at = v_now, gateway_reference = p_gateway_reference, next_attempt_at = null, lease_token = null,
    updated_at = v_now
  where j.id = p_job.id;

  if (select b.kind from coffee.billing_periods as b where b.id = p_job.period_id) = 'unpaid' then  -- its boxes have been released
    perform coffee._return_credit(array[p_job.period_id]);
    update coffee.billing_periods as b set value = 0 where b.id = p_job.period_id;
    insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
    values (p_subscription.id, p_job.period_id, p_job.amount, 'paid_late', v_now);
    update coffee.coffee_subscriptions as s set credit_balance = s.credit_balance + p_job.amount where s.id = p_subscription.id;
  else
    perform coffee._pay_order(p_job.period_id);
    perform coffee._credit_unsent(p_subscription, p_job.period_id);
  end if;

  perform coffee._end_past_due(p_subscription.id);
  perform coffee._award(p_subscription.user_id, 'subscription_paid', p_job.id::text, 10);
  return 'succeeded';
end;
$$;

comment on function coffee._record_payment(
  coffee.coffee_subscriptions, coffee.billing_jobs, coffee.charge_attempts, text
) is $$
A charge was made: coffee.record_charge_result for a payment.
p_subscription: who has paid; locked.
p_job: what for; locked.
p_attempt: the attempt that the result belongs to.
p_gateway_reference: the payment, in the words of the gateway; or null.
Returns: the status of the billing job now.
Errors: MF052 gateway_reference_used.
Locks: the boxes of the period; the user's row.
$$;
