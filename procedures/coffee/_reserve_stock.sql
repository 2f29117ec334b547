-- Whoever reserves holds the row of the coffee first, so what the lots say then stays true: two boxes cannot both get the last bag. Whether
-- there is enough is seen before anything is written, so that "no" costs no subtransaction and leaves nothing behind.
-- Freshest roast first: subscribers get what is best; what grows old is for promotions and written off by coffee.write_off_stock.

create or replace function coffee._reserve_stock(p_coffee_id uuid, p_unit text, p_quantity integer, p_month date, p_at timestamptz)
  returns table (lot_id bigint, quantity integer)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_inventory_id uuid;
  v_roaster_id   uuid;
  v_lots         bigint[];
  v_quantities   integer[];
begin
  if p_quantity < 1 then
    perform platform.fail('coffee_argument_invalid', jsonb_build_object(
      'argument', 'p_quantity', 'value', p_quantity, 'problem', 'it is 1 or more'
    ));
  end if;

  select i.id, i.roaster_id
  into v_inventory_id, v_roaster_id
  from coffee.coffee_inventory as i
  where i.coffee_id = p_coffee_id and i.unit = p_unit and i.is_available and i.current_stock - i.reserved_stock >= p_quantity
  for no key update;
  if not found then
    return;
  end if;

  select array_agg(l.id order by l.id), array_agg(least(l.free, p_quantity - l.before)::integer order by l.id)
  into v_lots, v_quantities
  from (
    select s.id, s.remaining - s.reserved as free,
      sum(s.remaining - s.reserved) over (order by s.roast_date desc, s.id) - (s.remaining - s.reserved) as before
    from coffee.stock_lots as s
    where s.inventory_id = v_inventory_id
      and s.remaining > s.reserved
      and s.best_before >= (coalesce(p_at, platform.now()) at time zone 'UTC')::date
  ) as l
  where l.before < p_quantity
  having sum(l.free) >= p_quantity;
  if v_lots is null or not coffee._take_quota(v_roaster_id, date_trunc('month', p_month)::date, p_quantity) then
    return;
  end if;

  return query
  insert into coffee.stock_movements as m (inventory_id, lot_id, kind, stock_change, reserve_change, quota_month, moved_at)
  select v_inventory_id, t.lot_id, 'reserve', 0, t.quantity, date_trunc('month', p_month)::date, platform.now()
  from unnest(v_lots, v_quantities) as t (lot_id, quantity)
  returning m.lot_id, m.reserve_change;
end;
$$;

comment on function coffee._reserve_stock(uuid, text, integer, date, timestamptz) is $$
Promise bags of a coffee to a box: all of them or none, the freshest roast first, none that is past its best at the time of the box, and
no more of a roaster than its quota of the month.
p_coffee_id: the coffee.
p_unit: 60g or 100g.
p_quantity: bags, 1 or more.
p_month: any day of the box's month.
p_at: when the box is packed (its day in UTC is compared with best_before); null: now.
Returns: the lots and how many bags of each; no row when there are not enough, the coffee is not available or the quota is used up.
Errors: MF002 coffee_argument_invalid.
Locks: the row of coffee_inventory, then its lots, then the row of roaster_quotas. A box with several coffees reserves them by ascending
(coffee_id, unit).
$$;
