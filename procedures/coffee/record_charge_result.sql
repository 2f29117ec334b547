-- The subscription is locked before its bill, as everywhere, so a result and a cancellation follow one another.

create or replace function coffee.record_charge_result(
  p_job_id bigint,
  p_lease_token uuid,
  p_result text,
  p_gateway_reference text default null,
  p_decline_code text default null,
  p_is_hard boolean default false
)
  returns text
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions;
  v_job          coffee.billing_jobs;
  v_attempt      coffee.charge_attempts;
begin
  if num_nulls(p_job_id, p_lease_token, p_result) > 0 then
    perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', case
      when p_job_id is null then 'p_job_id'
      when p_lease_token is null then 'p_lease_token'
      else 'p_result'
    end));
  elsif p_result not in ('succeeded', 'failed') then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_result', 'value', p_result, 'problem', 'it is succeeded or failed'));
  elsif p_gateway_reference = '' then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_gateway_reference', 'value', '', 'problem', 'it is empty'));
  end if;

  if length(p_gateway_reference) > 500 then
    p_gateway_reference := left(p_gateway_reference, 400) || ' sha256:' || encode(sha256(convert_to(p_gateway_reference, 'UTF8')), 'hex');
  end if;
  select s.* into v_subscription
  from coffee.coffee_subscriptions as s
  where s.id = (select j.subscription_id from coffee.billing_jobs as j where j.id = p_job_id)
  for no key update;
  if not found then
    perform platform.fail('billing_job_not_found', jsonb_build_object('job_id', p_job_id));
  end if;

  select j.* into v_job from coffee.billing_jobs as j where j.id = p_job_id for no key update;
  select a.* into v_attempt
  from coffee.charge_attempts as a
  where a.job_id = p_job_id and a.lease_token = p_lease_token
  order by a.attempt
  limit 1;
  if not found then
    perform platform.fail('billing_lease_unknown', jsonb_build_object('job_id', p_job_id));
  end if;

  if p_result = 'succeeded' then
    return coffee._record_payment(v_subscription, v_job, v_attempt, p_gateway_reference);
  end if;
  return coffee._record_decline(v_subscription, v_job, v_attempt, p_decline_code, coalesce(p_is_hard, false));
end;
$$;

comment on function coffee.record_charge_result(bigint, uuid, text, text, text, boolean) is $$
Say what became of a charge. It may come late, twice, or after another worker has taken over: a payment counts once, and is never lost.
One that came too late for its bill (cancelled; given up, and the subscription ended) or that was the second for it is asked to be
refunded (task coffee.refund_charge); one for a bill that was given up while the subscription goes on is credited.
succeeded: the bill is paid, its boxes may leave, and the subscription goes on as it was scheduled.
failed: the subscription is past due, access stays until grace_until, and the charge is tried again by the plan's dunning policy; after a
hard decline not before coffee.retry_charge. The user is told of the first failure.
p_job_id: as claimed.
p_lease_token: as claimed.
p_result: succeeded or failed.
p_gateway_reference: the payment, in the words of the gateway; the same one again is the same payment. Null: two reports of one lease are
the same payment. Of a failure it is not kept.
p_decline_code: why it failed, in the words of the gateway.
p_is_hard: whether trying again without another payment method cannot help.
Returns: the status of the billing job now.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF050 billing_job_not_found, MF051 billing_lease_unknown,
MF052 gateway_reference_used.
Locks: the subscription, the billing job, its boxes and their stock; then the user's row.
$$;
