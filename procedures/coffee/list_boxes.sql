create or replace function coffee.list_boxes(
  p_user_id uuid, p_before_created_at timestamptz default null, p_before_id uuid default null, p_limit integer default 20
)
  returns table (
    order_id uuid,
    order_number varchar,
    subscription_id uuid,
    order_month date,
    status varchar,
    total_price numeric,
    currency text,
    is_blind boolean,
    shipped_at timestamptz,
    delivered_at timestamptz,
    tracking_number varchar,
    created_at timestamptz,
    items jsonb
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
begin
  if p_limit < 1 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  end if;

  return query
  select
    o.id, o.order_number, o.subscription_id, o.order_month, o.status, o.total_price, o.currency, o.is_blind, o.shipped_at,
    o.delivered_at, o.tracking_number, o.created_at, coffee._box_items(o.id)
  from coffee.subscription_orders as o
  join coffee.users as u on u.id = o.user_id and u.deleted_at is null
  where o.user_id = p_user_id
    and (o.created_at, o.id)
      < (coalesce(p_before_created_at, 'infinity'), coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
  order by o.created_at desc, o.id desc
  limit least(p_limit, 100);
end;
$$;

comment on function coffee.list_boxes(uuid, timestamptz, uuid, integer) is $$
A customer's boxes, newest first, in pages.
p_user_id: the customer.
p_before_created_at and p_before_id: created_at and order_id of the last row of the page before; null for the first page.
p_limit: rows in a page, 100 at most.
Returns: a row for each box; items as coffee.get_box.
Errors: MF002 coffee_argument_invalid.
$$;
