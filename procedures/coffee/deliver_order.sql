create or replace function coffee.deliver_order(p_order_id uuid)
  returns varchar
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
declare
  v_order coffee.subscription_orders;
begin
  select o.* into v_order from coffee.subscription_orders as o where o.id = p_order_id for no key update;
  if not found then
    perform platform.fail('order_not_found', jsonb_build_object('order', p_order_id));
  elsif v_order.status = 'delivered' then
    return v_order.status;
  elsif v_order.status <> 'shipped' then
    perform platform.fail('order_state_refused',
      jsonb_build_object('order', v_order.order_number, 'status', v_order.status, 'wanted', 'delivered'));
  end if;

  update coffee.subscription_orders as o
  set status = 'delivered', delivered_at = platform.now()
  where o.id = p_order_id;
  return 'delivered';
end;
$$;

comment on function coffee.deliver_order(uuid) is $$
A box has arrived. Calling it again changes nothing.
p_order_id: the box.
Returns: delivered.
Errors: MF070 order_not_found, MF071 order_state_refused (it has not left).
Locks: the box's row.
Source: specification 000, subscription_orders.
$$;
