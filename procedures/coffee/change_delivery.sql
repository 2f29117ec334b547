create or replace function coffee.change_delivery(
  p_subscription_id uuid, p_user_id uuid, p_shipping_address jsonb, p_preferred_delivery_day integer default null
)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_subscription coffee.coffee_subscriptions := coffee._lock_subscription(p_subscription_id, p_user_id);
begin
  if p_shipping_address is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_shipping_address"}');
  elsif v_subscription.status = 'cancelled' then
    perform coffee._refuse_state(v_subscription, 'changing the delivery');
  end if;
  perform coffee._check_delivery(p_shipping_address, p_preferred_delivery_day);

  update coffee.coffee_subscriptions as s
  set shipping_address = p_shipping_address, preferred_delivery_day = p_preferred_delivery_day
  where s.id = p_subscription_id
    and (s.shipping_address, s.preferred_delivery_day) is distinct from (p_shipping_address, p_preferred_delivery_day);
  if found then
    perform coffee._record_event(p_subscription_id, 'delivery_changed', jsonb_build_object('delivery_day', p_preferred_delivery_day));
  end if;
end;
$$;

comment on function coffee.change_delivery(uuid, uuid, jsonb, integer) is $$
Change where boxes go that are packed from now on, and on which day of the month.
p_subscription_id: the subscription.
p_user_id: whose it is.
p_shipping_address: where boxes go, a JSON object.
p_preferred_delivery_day: day of the month on which boxes are packed, 1 to 28; null: as soon as a period begins.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF020 subscription_not_found,
MF024 subscription_state_refused (cancelled).
Locks: the subscription's row.
$$;
