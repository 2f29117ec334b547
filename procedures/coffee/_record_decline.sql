-- The grace belongs to the subscription and begins with the first bill that fails: further ones do not lengthen it. Where there is no grace
-- (the subscription has ended, was paused meanwhile, or its grace is over and the user has tried once more) the bill fails for good as
-- soon as no further attempt is planned. A change of plan has no grace: it is undone, and the subscription goes on.

create or replace function coffee._record_decline(
  p_subscription coffee.coffee_subscriptions,
  p_job coffee.billing_jobs,
  p_attempt coffee.charge_attempts,
  p_decline_code text,
  p_is_hard boolean
)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now      timestamptz := platform.now();
  v_retry    record;
  v_in_grace boolean := p_subscription.status in ('active', 'pending_cancel')
    or p_subscription.status = 'past_due' and p_subscription.grace_until is not null;
begin
  if p_attempt.result in ('succeeded', 'failed', 'duplicate') then
    return p_job.status;
  end if;
  update coffee.charge_attempts as a
  set result = 'failed', is_hard = p_is_hard, decline_code = p_decline_code, finished_at = v_now
  where a.id = p_attempt.id;

  if p_job.lease_token is distinct from p_attempt.lease_token then
    return p_job.status;  -- another attempt, or none, decides
  end if;

  if exists (select from coffee.billing_periods as b where b.id = p_job.period_id and b.kind = 'changed') then
    update coffee.billing_jobs as j
    set status = 'retrying', failures = j.failures + 1, first_failed_at = coalesce(j.first_failed_at, v_now),
      last_decline_code = p_decline_code, lease_token = null, updated_at = v_now, next_attempt_at = null
    where j.id = p_job.id;
    perform coffee._close_billing_jobs(array[p_job.id], 'cancelled', 'carried', 'payment_failed');
    perform coffee._notify(
      p_subscription.user_id,
      'payment_failed',
      format('요금제 변경 금액 %s %s을(를) 결제하지 못해 이전 요금제로 계속됩니다.', p_job.amount, p_job.currency),
      jsonb_build_object(
        'subscription_id', p_job.subscription_id, 'job_id', p_job.id, 'amount', p_job.amount, 'currency', p_job.currency,
        'decline_code', p_decline_code, 'is_hard', p_is_hard
      ),
      'payment_failed:' || p_job.id
    );
    return 'cancelled';
  end if;

  select r.next_attempt_at, r.grace_until into v_retry
  from coffee.plans as p
  cross join lateral platform.plan_retry(
    p.dunning_policy, p_job.failures + 1, coalesce(p_job.first_failed_at, v_now), v_now, p_is_hard
  ) as r
  where p.id = p_subscription.plan_id;

  update coffee.billing_jobs as j
  set status = 'retrying', failures = j.failures + 1, first_failed_at = coalesce(j.first_failed_at, v_now),
    last_decline_code = p_decline_code, lease_token = null, updated_at = v_now,
    next_attempt_at = case when p_subscription.status not in ('cancelled', 'unpaid') then v_retry.next_attempt_at end
  where j.id = p_job.id
  returning j.* into p_job;

  if p_subscription.status in ('active', 'pending_cancel') then
    update coffee.coffee_subscriptions as s
    set status = 'past_due', past_due_since = v_now, grace_until = v_retry.grace_until
    where s.id = p_subscription.id;
  elsif not v_in_grace and p_job.next_attempt_at is null then
    perform coffee._close_billing_jobs(
      array[p_job.id], case when p_subscription.status = 'cancelled' then 'cancelled' else 'failed' end, 'unpaid', 'payment_failed'
    );
    select j.* into p_job from coffee.billing_jobs as j where j.id = p_job.id;
  end if;

  if p_job.failures = 1 then
    perform coffee._notify(
      p_subscription.user_id,
      'payment_failed',
      format('정기 결제 %s %s을(를) 처리하지 못했습니다. 결제 수단을 확인해 주세요.', p_job.amount, p_job.currency),
      jsonb_build_object(
        'subscription_id', p_job.subscription_id, 'job_id', p_job.id, 'amount', p_job.amount, 'currency', p_job.currency,
        'decline_code', p_decline_code, 'is_hard', p_is_hard, 'next_attempt_at', p_job.next_attempt_at,
        'grace_until', coalesce(p_subscription.grace_until, v_retry.grace_until)
      ),
      'payment_failed:' || p_job.id
    );
  end if;
  return p_job.status;
end;
$$;

comment on function coffee._record_decline(
  coffee.coffee_subscriptions, coffee.billing_jobs, coffee.charge_attempts, text, boolean
) is $$
A charge was declined: coffee.record_charge_result for a failure. That of an attempt whose result is known changes nothing, nor does one
that comes while another attempt is at work.
p_subscription: who should have paid; locked.
p_job: what for; locked.
p_attempt: the attempt that the result belongs to.
p_decline_code: why, in the words of the gateway.
p_is_hard: whether trying again without another payment method cannot help.
Returns: the status of the billing job now.
Locks: the subscription and its user's row; where the bill fails for good, its boxes and their stock.
$$;
