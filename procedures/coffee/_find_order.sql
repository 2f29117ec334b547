create or replace function coffee._find_order(p_user_id uuid, p_order_id uuid)
  returns coffee.subscription_orders
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_order coffee.subscription_orders;
begin
  select o.* into v_order
  from coffee.subscription_orders as o
  join coffee.users as u on u.id = o.user_id
  where o.id = p_order_id and o.user_id = p_user_id and u.deleted_at is null;

  if not found then
    perform platform.fail('order_not_found', jsonb_build_object('order', p_order_id));
  end if;
  return v_order;
end;
$$;

comment on function coffee._find_order(uuid, uuid) is $$
Find a user's own order.
p_user_id: the user.
p_order_id: the order.
Returns: the row of subscription_orders.
Errors: MF070 order_not_found, also when it is somebody else's.
$$;
