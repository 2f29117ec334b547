create or replace function coffee.add_prepaid(
  p_subscription_id uuid, p_periods integer, p_reason text default null, p_request_key text default null
)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_answer       jsonb := platform.claim_request('coffee.add_prepaid', p_request_key, jsonb_build_object(
    'subscription_id', p_subscription_id, 'periods', p_periods, 'reason', p_reason
  ));
  v_subscription coffee.coffee_subscriptions;
  v_plan         coffee.plans;
  v_job_id       bigint;
begin
  if v_answer is not null then
    return v_answer::integer;
  end if;

  if p_subscription_id is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_subscription_id"}');
  elsif (p_periods between 1 and 120) is not true then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_periods', 'value', p_periods, 'problem', 'it is 1 to 120'
    ));
  end if;
  select s.* into v_subscription from coffee.coffee_subscriptions as s where s.id = p_subscription_id for no key update;
  if not found then
    perform platform.fail('subscription_not_found', jsonb_build_object('subscription_id', p_subscription_id));
  elsif v_subscription.status = 'cancelled' then
    perform coffee._refuse_state(v_subscription, 'paying in advance');
  else
    select p.* into v_plan from coffee.plans as p where p.id = v_subscription.pending_plan_id;
    if v_subscription.pending_price > v_subscription.price_per_month or v_plan.interval_months <> v_subscription.interval_months then
      perform platform.fail('plan_change_refused', jsonb_build_object(
        'plan', v_plan.code, 'problem', 'periods cannot be paid for in advance until the change to it has been made or taken back'
      ));
    end if;
    select j.id into v_job_id  -- a change that is not paid is undone, and the periods would be those of another plan
    from coffee.billing_periods as b
    join coffee.billing_jobs as j on j.period_id = b.id and j.status in ('waiting', 'pending', 'processing', 'retrying')
    where b.subscription_id = p_subscription_id and b.kind = 'changed'
    limit 1;
    if found then
      perform platform.fail('bill_open', jsonb_build_object('subscription_id', p_subscription_id, 'job_id', v_job_id));
    end if;
  end if;

  update coffee.coffee_subscriptions as s
  set prepaid_remaining = s.prepaid_remaining + p_periods
  where s.id = p_subscription_id
  returning s.prepaid_remaining into v_subscription.prepaid_remaining;
  perform coffee._record_event(p_subscription_id, 'prepaid', jsonb_build_object('periods', p_periods, 'reason', p_reason));

  perform platform.complete_request('coffee.add_prepaid', p_request_key, to_jsonb(v_subscription.prepaid_remaining));
  return v_subscription.prepaid_remaining;
end;
$$;

comment on function coffee.add_prepaid(uuid, integer, text, text) is $$
Let coming periods of a subscription cost nothing more, because they have been paid for: a gift, a year in advance. What is added to a
box is charged all the same.
p_subscription_id: the subscription.
p_periods: how many periods, 1 to 120.
p_reason: for the record, e.g. the payment or the gift.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key adds nothing. Null: none.
Returns: how many periods are prepaid now.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF024 subscription_state_refused (cancelled), MF027 bill_open (that of a change of plan),
MF028 plan_change_refused (a dearer plan, or one of other periods, is to begin);
of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the subscription's row.
$$;
