-- Price and roast date would tell a hidden coffee from others, so they are hidden with it.

create or replace function coffee._box_items(p_order_id uuid)
  returns jsonb
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select jsonb_agg(
    jsonb_build_object(
      'item_id', i.id, 'unit', i.unit, 'quantity', i.quantity, 'is_extra', i.is_extra, 'is_hidden', h.is_hidden,
      'scanned', (select count(*) from coffee.qr_codes as q where q.order_item_id = i.id and q.scanned_at is not null)
    )
    || case
      when h.is_hidden then '{}'
      else jsonb_build_object(
        'coffee_id', c.id, 'name', c.name, 'roaster_id', c.roaster_id, 'roaster', r.name, 'unit_price', i.unit_price,
        'is_substitute', i.is_substitute, 'roast_date', l.roast_date
      )
    end
    order by i.id
  )
  from coffee.order_items as i
  join coffee.coffees as c on c.id = i.coffee_id
  join coffee.roasters as r on r.id = c.roaster_id
  join coffee.stock_lots as l on l.id = i.lot_id
  cross join lateral (select coffee._is_hidden(i.order_id, i.coffee_id) as is_hidden) as h
  where i.order_id = p_order_id
$$;

comment on function coffee._box_items(uuid) is $$
What lies in a box, as its customer may see it.
p_order_id: the box.
Returns: an array with an object for each item: item_id, unit, quantity, is_extra, is_hidden, scanned (bags); and unless it is hidden
coffee_id, name, roaster_id, roaster, unit_price, is_substitute, roast_date.
$$;
