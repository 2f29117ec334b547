-- The status of a box is the truth about its bags: whoever writes it, stock and credits follow. What they take is locked first, in
-- ascending order, because every other box may want the same.

create or replace function coffee._subscription_orders_follow()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if new.status = 'paid' then
    perform coffee._credit_box(new.subscription_id, new.period_id, new.credit, 'items_missing', new.order_job_id);
  elsif new.status = 'shipped' then
    perform
    from coffee.coffee_inventory as v
    where (v.coffee_id, v.unit) in (select i.coffee_id, i.unit from coffee.order_items as i where i.order_id = new.id)
    order by v.coffee_id, v.unit
    for no key update;
    perform coffee._ship_stock(i.lot_id, i.quantity) from coffee.order_items as i where i.order_id = new.id;
  elsif new.status = 'cancelled' then
    perform coffee._lock_stock(array[new.id]);
    perform coffee._release_stock(i.lot_id, i.quantity, new.order_month, 'order_cancelled')
    from coffee.order_items as i
    where i.order_id = new.id;
    if old.status = 'paid' then
      perform coffee._credit_box(new.subscription_id, new.period_id, new.total_price, 'order_cancelled', new.order_job_id);
    end if;
  end if;
  return null;
end;
$$;

comment on function coffee._subscription_orders_follow() is $$
Trigger function: when a box is shipped its bags leave the stock, when it is cancelled they are released and what was paid is credited
(what is paid later: coffee._credit_unsent), and when it is paid what is missing from it is credited.
Returns: null (after trigger).
Locks: coffee_inventory by ascending coffee and unit, stock_lots, with a cancelled box its quotas (as coffee._lock_stock), or the
subscription.
$$;

create or replace trigger subscription_orders_follow
  after update on coffee.subscription_orders
  for each row
  when (old.status is distinct from new.status)
  execute function coffee._subscription_orders_follow();
