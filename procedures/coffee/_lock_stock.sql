-- Boxes are released one by one, in whatever order their rows are found. What that takes is therefore locked before the first of them, for
-- all at once and in the order that everybody follows.

create or replace function coffee._lock_stock(p_order_ids uuid[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform
  from coffee.coffee_inventory as v
  where (v.coffee_id, v.unit) in (select i.coffee_id, i.unit from coffee.order_items as i where i.order_id = any (p_order_ids))
  order by v.coffee_id, v.unit
  for no key update;

  perform
  from coffee.roaster_quotas as q
  where (q.roaster_id, q.month) in (
    select v.roaster_id, o.order_month
    from coffee.subscription_orders as o
    join coffee.order_items as i on i.order_id = o.id
    join coffee.coffee_inventory as v on v.coffee_id = i.coffee_id and v.unit = i.unit
    where o.id = any (p_order_ids)
  )
  order by q.roaster_id, q.month
  for no key update;
end;
$$;

comment on function coffee._lock_stock(uuid[]) is $$
Lock the stock and the quotas that go with boxes which are to be released, before the first of them is.
p_order_ids: the boxes; there may be none.
Locks: their rows of coffee_inventory by ascending coffee and unit, then their rows of roaster_quotas by ascending roaster and month.
$$;
