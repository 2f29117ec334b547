create or replace function coffee._cancel_order(p_order_id uuid, p_reason text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_order coffee.subscription_orders;
begin
  select o.* into v_order from coffee.subscription_orders as o where o.id = p_order_id for no key update;
  if not found then
    perform platform.fail('order_not_found', jsonb_build_object('order', p_order_id));
  elsif v_order.status in ('shipped', 'delivered') then
    perform platform.fail('order_state_refused',
      jsonb_build_object('order', v_order.order_number, 'status', v_order.status, 'wanted', 'cancelled'));
  elsif v_order.status = 'cancelled' then
    return false;
  end if;

  update coffee.subscription_orders as o
  set status = 'cancelled', cancelled_at = platform.now(), cancellation_reason = p_reason
  where o.id = p_order_id;
  return true;
end;
$$;

comment on function coffee._cancel_order(uuid, text) is $$
Cancel a box that has not left: its stock is released, and when it was paid, its price is credited. The bill is the caller's matter. A
cancelled box stays as it is.
p_order_id: the box.
p_reason: for the record.
Returns: whether it was cancelled by this call.
Errors: MF070 order_not_found, MF071 order_state_refused (it was shipped).
Locks: the box's row, then its rows of coffee_inventory by ascending coffee and unit and their stock_lots; the subscription's, which the
caller has locked before.
$$;
