-- The stock follows by trigger (triggers/coffee/subscription_orders_follow.sql).

create or replace function coffee.ship_order(p_order_id uuid, p_tracking_number text)
  returns varchar
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_now   timestamptz := platform.now();
  v_order coffee.subscription_orders;
begin
  select o.* into v_order from coffee.subscription_orders as o where o.id = p_order_id for no key update;
  if not found then
    perform platform.fail('order_not_found', jsonb_build_object('order', p_order_id));
  elsif length(p_tracking_number) > 100 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_tracking_number', 'value', p_tracking_number, 'problem', '100 characters at most'));
  elsif v_order.status in ('shipped', 'delivered') then
    return v_order.status;
  elsif v_order.status <> 'paid' then
    perform platform.fail('order_state_refused',
      jsonb_build_object('order', v_order.order_number, 'status', v_order.status, 'wanted', 'shipped'));
  end if;

  update coffee.subscription_orders as o
  set status = 'shipped', shipped_at = v_now, tracking_number = p_tracking_number,
    reveal_at = case when o.is_blind then v_now + interval '30 days' end
  where o.id = p_order_id;

  perform coffee._notify(
    v_order.user_id, 'box_shipped', format('박스 %s이(가) 발송되었습니다.', v_order.order_number),
    jsonb_build_object('order_id', p_order_id, 'tracking_number', p_tracking_number), 'box_shipped:' || p_order_id
  );
  return 'shipped';
end;
$$;

comment on function coffee.ship_order(uuid, text) is $$
A box that is paid has left: its bags leave the stock, its customer is told. Calling it again changes nothing. A blind box tells what it
held 30 days later, unless it is guessed before.
p_order_id: the box.
p_tracking_number: the carrier's number, up to 100 characters; null when there is none.
Returns: shipped; or delivered when it has arrived meanwhile.
Errors: MF002 coffee_argument_invalid, MF070 order_not_found, MF071 order_state_refused (it is not paid, or cancelled).
Locks: the box's row, then its rows of coffee_inventory by ascending coffee and unit, and their stock_lots.
Source: specification 000, subscription_orders.
$$;
