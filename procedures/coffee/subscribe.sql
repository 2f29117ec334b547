-- The user's row is held against deletion only (for key share): its counters and copies are written by everybody.
-- The price and the past are not for applications to give away. Who asks is the login role: this runs with the rights of its owner.
-- In UTC, because a request is compared as text, and an instant must be the same text in every session.

create or replace function coffee.subscribe(
  p_user_id uuid,
  p_plan_id bigint,
  p_shipping_address jsonb,
  p_preferred_delivery_day integer default null,
  p_items jsonb default null,
  p_anchor_at timestamptz default null,
  p_time_zone text default null,
  p_price_per_month numeric default null,
  p_request_key text default null
)
  returns uuid
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set timezone = 'UTC'
as $$
declare
  v_answer  jsonb := platform.claim_request('coffee.subscribe', p_request_key, jsonb_build_object(
    'user_id', p_user_id, 'plan_id', p_plan_id, 'shipping_address', p_shipping_address, 'delivery_day', p_preferred_delivery_day,
    'items', p_items, 'anchor_at', p_anchor_at, 'time_zone', p_time_zone, 'price_per_month', p_price_per_month
  ));
  v_zone    text;
  v_plan    coffee.plans;
  v_refused jsonb;
  v_price   numeric;
  v_id      uuid;
begin
  if v_answer is not null then
    return (v_answer ->> 'subscription_id')::uuid;
  end if;

  if p_user_id is null or p_shipping_address is null then
    perform platform.fail('coffee_argument_missing',
      jsonb_build_object('argument', case when p_user_id is null then 'p_user_id' else 'p_shipping_address' end));
  end if;
  select u.time_zone into v_zone from coffee.users as u where u.id = p_user_id and u.deleted_at is null for key share;
  if not found then
    perform platform.fail('user_not_found', jsonb_build_object('user_id', p_user_id));
  end if;
  if p_anchor_at not between platform.now() - interval '10 years' and platform.now() + interval '2 years' then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_anchor_at', 'value', p_anchor_at, 'problem', 'it is at most 10 years ago and 2 years ahead'
    ));
  end if;
  v_plan := coffee._find_plan(p_plan_id);
  v_refused := case
    when pg_has_role(session_user, 'coffee_admin', 'usage') or pg_has_role(session_user, 'moadb_owner', 'usage') then null
    when p_price_per_month <> v_plan.price_per_month then jsonb_build_object(
      'argument', 'p_price_per_month', 'value', p_price_per_month, 'problem', 'it is not the price of the plan'
    )
    when p_anchor_at < platform.now() - interval '1 day' then jsonb_build_object(
      'argument', 'p_anchor_at', 'value', p_anchor_at, 'problem', 'it is more than a day ago'
    )
  end;
  if v_refused is not null then
    perform platform.fail('subscribe_terms_refused', v_refused || jsonb_build_object('role', session_user));
  end if;
  v_price := coffee._check_price(coalesce(p_price_per_month, v_plan.price_per_month), v_plan.currency);
  v_zone := coalesce(platform.to_time_zone(p_time_zone), v_zone);
  perform coffee._check_delivery(p_shipping_address, p_preferred_delivery_day);

  insert into coffee.coffee_subscriptions (
    user_id, plan_id, type, price_per_month, currency, includes_lab_pro, shipping_address, preferred_delivery_day, time_zone,
    interval_months, anchor_at, started_at, created_at, updated_at
  )
  values (
    p_user_id, v_plan.id, v_plan.type, v_price, v_plan.currency, v_plan.includes_lab_pro, p_shipping_address,
    p_preferred_delivery_day, v_zone, v_plan.interval_months, coalesce(p_anchor_at, platform.now()), platform.now(), platform.now(),
    platform.now()
  )
  returning id into v_id;
  perform coffee._write_items(v_id, v_plan.id, p_items, 0);

  perform platform.complete_request('coffee.subscribe', p_request_key, jsonb_build_object('subscription_id', v_id));
  return v_id;
end;
$$;

comment on function coffee.subscribe(uuid, bigint, jsonb, integer, jsonb, timestamptz, text, numeric, text) is $$
Subscribe to a plan. The first period is due at the anchor, and billed by the next run of coffee.process_monthly_billing.
p_user_id: who subscribes.
p_plan_id: the plan.
p_shipping_address: where boxes go, a JSON object.
p_preferred_delivery_day: day of the month on which boxes are packed, 1 to 28; null: as soon as a period begins.
p_items: what a my_choice box holds, [{"coffee_id": …, "unit": the plan's, "quantity": 1}]; null for other plans.
p_anchor_at: where period 0 begins, and what day of the month and hour the others do; null: now. In the past: the periods since are
due, too, and billed as the plan's catch_up says. At most 2 years ahead, and a day ago; 10 years ago where the login role belongs to
coffee_admin or moadb_owner.
p_time_zone: IANA name of the zone whose calendar counts; null: the user's.
p_price_per_month: agreed price of a month; null: the plan's. Another than the plan's only by a login role that
belongs to coffee_admin or moadb_owner.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same subscription. Null: none.
Returns: the subscription's id.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF021 plan_not_found, MF022 plan_retired,
MF023 subscription_items_invalid (detail: problem), MF031 coffee_not_orderable, MF042 subscribe_terms_refused, MF140 user_not_found,
MP033 unknown_time_zone; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the user's row against deletion.
Source: specification 000, lifecycle of coffee_subscriptions.
$$;
