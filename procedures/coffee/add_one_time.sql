create or replace function coffee.add_one_time(
  p_subscription_id uuid,
  p_user_id uuid,
  p_coffee_id uuid,
  p_unit text default null,
  p_quantity integer default 1,
  p_period integer default null,
  p_request_key text default null
)
  returns integer
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_answer       jsonb := platform.claim_request('coffee.add_one_time', p_request_key, jsonb_build_object(
    'subscription_id', p_subscription_id, 'user_id', p_user_id, 'coffee_id', p_coffee_id, 'unit', p_unit, 'quantity', p_quantity,
    'period', p_period
  ));
  v_subscription coffee.coffee_subscriptions;
  v_period       integer;
  v_unit         text := p_unit;
  v_price        numeric;
  v_currency     text;
  v_added        integer;
begin
  if v_answer is not null then
    return v_answer::integer;
  end if;

  v_subscription := coffee._lock_subscription(p_subscription_id, p_user_id);
  v_period := coffee._open_period(v_subscription, p_period);
  if p_coffee_id is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_coffee_id"}');
  elsif (p_quantity between 1 and 20) is not true then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_quantity', 'value', p_quantity, 'problem', 'it is 1 to 20'
    ));
  elsif exists (
    select
    from coffee.period_changes as c
    where c.subscription_id = p_subscription_id and c.period_index = v_period and c.kind = 'skip'
  ) then
    perform platform.fail('period_skipped', jsonb_build_object('period', v_period));
  end if;
  if v_unit is null then
    select p.unit into v_unit from coffee.plans as p where p.id = coffee._plan_of(v_subscription, v_period);
  end if;
  if not coffee._is_orderable(p_coffee_id, v_unit) then
    perform platform.fail('coffee_not_orderable', jsonb_build_object('coffee_id', p_coffee_id, 'unit', v_unit));
  end if;
  select i.unit_price, c.currency into strict v_price, v_currency
  from coffee.coffee_inventory as i
  join coffee.coffees as c on c.id = i.coffee_id
  where i.coffee_id = p_coffee_id and i.unit = v_unit;
  if v_currency <> v_subscription.currency then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_coffee_id', 'value', p_coffee_id,
      'problem', format('its price is in %s, the subscription in %s', v_currency, v_subscription.currency)
    ));
  end if;

  select c.quantity into v_added
  from coffee.period_changes as c
  where (c.subscription_id, c.period_index, c.kind, c.coffee_id, c.unit) = (p_subscription_id, v_period, 'extra', p_coffee_id, v_unit);
  if v_added + p_quantity > 100 then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_quantity', 'value', p_quantity, 'problem', format('%s are in the box, and it holds 100 of a coffee', v_added)
    ));
  end if;

  insert into coffee.period_changes as c (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price, created_at)
  values (p_subscription_id, v_period, 'extra', p_coffee_id, v_unit, p_quantity, v_price, platform.now())
  on conflict (subscription_id, period_index, coffee_id, unit, kind) where kind <> 'skip' do update
  set quantity = c.quantity + excluded.quantity, unit_price = excluded.unit_price;
  perform coffee._record_event(p_subscription_id, 'extra_added', jsonb_build_object(
    'period', v_period, 'coffee_id', p_coffee_id, 'unit', v_unit, 'quantity', p_quantity, 'unit_price', v_price
  ));

  perform platform.complete_request('coffee.add_one_time', p_request_key, to_jsonb(v_period));
  return v_period;
end;
$$;

comment on function coffee.add_one_time(uuid, uuid, uuid, text, integer, integer, text) is $$
Add bags to one coming box, at their present price, which the bill of that period adds. Bags of the same coffee and size add up, at the
price of the last; coffee.undo_change takes them back.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_coffee_id: the coffee; its price is in the currency of the subscription.
p_unit: size of the bag; null: the plan's.
p_quantity: bags, 1 to 20; no more than 100 of a coffee in all.
p_period: the period's number (coffee.list_periods); null: the first that can still be changed.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key adds nothing. Null: none.
Returns: the period's number.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF024 subscription_state_refused (pending_cancel, cancelled), MF025 period_billed, MF026 period_closed (its cut-off has come),
MF031 coffee_not_orderable, MF038 period_skipped; of p_request_key MP051 request_key_invalid, MP052 request_key_reused.
Locks: the subscription's row.
$$;
