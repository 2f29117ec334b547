create or replace function coffee.get_box(p_user_id uuid, p_order_id uuid)
  returns table (
    order_id uuid,
    order_number varchar,
    subscription_id uuid,
    order_month date,
    status varchar,
    total_price numeric,
    currency text,
    shipping_address jsonb,
    is_blind boolean,
    reveal_at timestamptz,
    shipped_at timestamptz,
    delivered_at timestamptz,
    tracking_number varchar,
    cancelled_at timestamptz,
    created_at timestamptz,
    items jsonb
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select
    o.id, o.order_number, o.subscription_id, o.order_month, o.status, o.total_price, o.currency, o.shipping_address, o.is_blind,
    o.reveal_at, o.shipped_at, o.delivered_at, o.tracking_number, o.cancelled_at, o.created_at, coffee._box_items(o.id)
  from coffee._find_order(p_user_id, p_order_id) as o
$$;

comment on function coffee.get_box(uuid, uuid) is $$
One of a customer's boxes, and what lies in it.
p_user_id: the customer.
p_order_id: the box.
Returns: one row; items is an array with an object for each item: item_id, unit, quantity, is_extra, is_hidden, scanned (bags); and unless
a blind box hides it coffee_id, name, roaster_id, roaster, unit_price, is_substitute, roast_date.
Errors: MF070 order_not_found.
$$;
