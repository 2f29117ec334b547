-- What was paid before (prepaid periods) was paid for a price: a dearer plan, or one of other periods, has to wait for its end.

create or replace function coffee.change_plan(
  p_subscription_id uuid,
  p_user_id uuid,
  p_plan_id bigint,
  p_when text default 'period_end',
  p_items jsonb default null,
  p_request_key text default null,
  out effective_period integer,
  out charged numeric,
  out credit_balance numeric
)
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_answer       jsonb := platform.claim_request('coffee.change_plan', p_request_key, jsonb_build_object(
    'subscription_id', p_subscription_id, 'user_id', p_user_id, 'plan_id', p_plan_id, 'when', p_when, 'items', p_items
  ));
  v_subscription coffee.coffee_subscriptions;
  v_plan         coffee.plans;
  v_problem      text;
begin
  if v_answer is null then
    v_subscription := coffee._lock_subscription(p_subscription_id, p_user_id);
    v_plan := coffee._find_plan(p_plan_id);
    if p_when is null or p_when not in ('now', 'period_end') then
      perform platform.fail('coffee_argument_invalid', jsonb_build_object(
        'argument', 'p_when', 'value', p_when, 'problem', 'it is now or period_end'
      ));
    elsif v_subscription.status <> 'active' then
      perform coffee._refuse_state(v_subscription, 'changing the plan');
    end if;

    v_problem := case
      when v_plan.currency <> v_subscription.currency then 'it is billed in another currency'
      when p_when = 'now' and v_plan.id = v_subscription.plan_id then 'it is the present one'
      when (v_plan.price_per_month > v_subscription.price_per_month or v_plan.interval_months <> v_subscription.interval_months)
        and v_plan.id <> v_subscription.plan_id
        and (
          v_subscription.prepaid_remaining > 0
          or p_when = 'now' and (coffee._running_period(p_subscription_id, platform.now())).kind = 'prepaid'
        )
        then 'periods have been paid for in advance'
    end;
    if v_problem is not null then
      perform platform.fail('plan_change_refused', jsonb_build_object('plan', v_plan.code, 'problem', v_problem));
    end if;

    charged := 0;
    if p_when = 'now' then
      perform coffee._refuse_open_bill(p_subscription_id);
      effective_period := v_subscription.next_period;
      charged := coffee._change_plan_now(v_subscription, v_plan);
      perform coffee._write_items(p_subscription_id, v_plan.id, p_items, effective_period);
    else
      effective_period := coffee._editable_period(v_subscription, platform.now());
      if v_plan.id = v_subscription.plan_id then
        effective_period := v_subscription.next_period;
        delete from coffee.subscription_items as i
        where i.subscription_id = p_subscription_id and i.valid_from >= v_subscription.pending_plan_period;
        update coffee.coffee_subscriptions as s
        set pending_plan_id = null, pending_plan_period = null, pending_price = null
        where s.id = p_subscription_id;
      else
        update coffee.coffee_subscriptions as s
        set pending_plan_id = v_plan.id, pending_plan_period = effective_period, pending_price = v_plan.price_per_month
        where s.id = p_subscription_id;
        perform coffee._write_items(p_subscription_id, v_plan.id, p_items, effective_period);
      end if;
      perform coffee._record_event(p_subscription_id, 'plan_change_requested', jsonb_build_object(
        'plan_id', v_plan.id, 'period', effective_period, 'price_per_month', v_plan.price_per_month
      ));
    end if;

    perform coffee._refuse_empty_box(p_subscription_id, v_subscription.next_period);
    select jsonb_build_object('effective_period', effective_period, 'charged', charged, 'credit_balance', s.credit_balance)
    into v_answer
    from coffee.coffee_subscriptions as s
    where s.id = p_subscription_id;
    perform platform.complete_request('coffee.change_plan', p_request_key, v_answer);
  end if;

  effective_period := (v_answer ->> 'effective_period')::integer;
  charged := (v_answer ->> 'charged')::numeric;
  credit_balance := (v_answer ->> 'credit_balance')::numeric;
end;
$$;

comment on function coffee.change_plan(uuid, uuid, bigint, text, jsonb, text) is $$
Change to another plan, at its present price.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_plan_id: the plan, in the same currency; with period_end the present one takes a change back that has been said.
p_when: now: from today on. A dearer plan costs the difference for the days of the running period that are left, or for its boxes that
have not been packed, whichever is more, and is undone when that is not paid; a cheaper one gives back the difference for those boxes, as
credit for the next bills. Coming boxes follow the new plan. While a charge is open no further period is billed. A change that was said for
a period's end before is replaced, and does not come back when this one is undone. period_end: from the first period on whose cut-off has
not come.
p_items: what the boxes hold when the plan is my_choice, as in coffee.subscribe; else null.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same answer. Null: none.
Returns: one row: effective_period (first period of the new plan; of a running one the rest, too, when it is now), charged (by a bill
that is open now), credit_balance.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found, MF021 plan_not_found,
MF022 plan_retired, MF023 subscription_items_invalid, MF024 subscription_state_refused (it is not active), MF027 bill_open (now, while a
charge is not settled), MF028 plan_change_refused (detail: problem), MF031 coffee_not_orderable, MF041 box_empty (the
items are left out of a coming box: coffee.undo_change); of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the subscription's row, its running billing_periods; the plan's row against changes; the user's row for its copy.
$$;
