-- For the warehouse, which has to know: what lies in blind boxes, too, and the codes to be printed. Not for applications.

create or replace function coffee.list_packing(
  p_after_created_at timestamptz default null, p_after_id uuid default null, p_limit integer default 100
)
  returns table (
    order_id uuid,
    order_number varchar,
    user_id uuid,
    shipping_address jsonb,
    is_blind boolean,
    created_at timestamptz,
    bags jsonb
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_limit < 1 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  end if;

  return query
  select
    o.id, o.order_number, o.user_id, o.shipping_address, o.is_blind, o.created_at,
    (
      select jsonb_agg(
        jsonb_build_object(
          'coffee_id', i.coffee_id, 'name', c.name, 'unit', i.unit, 'lot_id', l.id, 'lot_code', l.lot_code, 'roast_date', l.roast_date,
          'item_id', i.id, 'qr_code', q.token
        )
        order by i.id, q.bag_no
      )
      from coffee.order_items as i
      join coffee.coffees as c on c.id = i.coffee_id
      join coffee.stock_lots as l on l.id = i.lot_id
      join coffee.qr_codes as q on q.order_item_id = i.id
      where i.order_id = o.id
    )
  from coffee.subscription_orders as o
  where o.status = 'paid'
    and (o.created_at, o.id)
      > (coalesce(p_after_created_at, '-infinity'), coalesce(p_after_id, '00000000-0000-0000-0000-000000000000'::uuid))
  order by o.created_at, o.id
  limit least(p_limit, 1000);
end;
$$;

comment on function coffee.list_packing(timestamptz, uuid, integer) is $$
The boxes that are paid and have not left, oldest first, in pages.
p_after_created_at and p_after_id: created_at and order_id of the last row of the page before; null for the first page.
p_limit: rows in a page, 1,000 at most.
Returns: a row for each box; bags is an array with an object for each bag: coffee_id, name, unit, lot_id, lot_code, roast_date, item_id and
the qr_code to be printed on it.
Errors: MF002 coffee_argument_invalid.
$$;
