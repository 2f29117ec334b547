-- Who is told: whoever has the coffee in the next box or in one that is packed and not yet sent, once, however many of them. Blind boxes
-- are left out, or the notice would tell what is in them. The number of the alert is in the keys, so that a stock that has risen and
-- falls again is told again, and one alert is told once.

create or replace function coffee.sync_subscription_inventory()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid;
  v_key  text := format('low_stock:%s:%s', new.id, new.low_stock_alerts);
  v_name text := (select c.name from coffee.coffees as c where c.id = new.coffee_id);
  v_data jsonb := jsonb_build_object(
    'coffee_id', new.coffee_id, 'unit', new.unit, 'current_stock', new.current_stock, 'available', new.current_stock - new.reserved_stock
  );
begin
  for v_user_id in
    select s.user_id
    from coffee.subscription_items as i
    join coffee.coffee_subscriptions as s on s.id = i.subscription_id
    where i.coffee_id = new.coffee_id
      and i.unit = new.unit
      and s.status in ('active', 'past_due', 'pending_cancel')
      and i.valid_from = (
        select max(v.valid_from)
        from coffee.subscription_items as v
        where v.subscription_id = s.id and v.valid_from <= s.next_period
      )
      and not exists (
        select
        from coffee.period_changes as p
        where p.subscription_id = s.id
          and p.period_index = s.next_period
          and (p.kind = 'skip' or p.kind = 'skip_item' and p.coffee_id = i.coffee_id or p.replaces_coffee_id = i.coffee_id)
      )
    union
    select s.user_id
    from coffee.period_changes as p
    join coffee.coffee_subscriptions as s on s.id = p.subscription_id and s.next_period = p.period_index
    where p.coffee_id = new.coffee_id
      and p.unit = new.unit
      and p.kind in ('swap', 'extra')
      and s.status in ('active', 'past_due', 'pending_cancel')
      and not exists (
        select
        from coffee.period_changes as k
        where k.subscription_id = s.id and k.period_index = s.next_period and k.kind = 'skip'
      )
    union
    select o.user_id
    from coffee.order_items as i
    join coffee.subscription_orders as o on o.id = i.order_id
    join coffee.coffee_subscriptions as s on s.id = o.subscription_id
    where i.coffee_id = new.coffee_id
      and i.unit = new.unit
      and o.status in ('pending', 'paid')
      and not o.is_blind
      and s.status in ('active', 'past_due', 'pending_cancel')
    order by user_id
  loop
    perform coffee._notify(v_user_id, 'stock_alert', format('"%s" 재고가 얼마 남지 않았습니다!', v_name), v_data, v_key);
  end loop;

  perform platform.enqueue_task(
    'coffee.low_stock',
    v_data || jsonb_build_object(
      'inventory_id', new.id, 'name', v_name, 'roaster_id', new.roaster_id,
      'min_stock_alert', new.min_stock_alert, 'max_stock', new.max_stock
    ),
    v_key
  );
  return null;
end;
$$;

comment on function coffee.sync_subscription_inventory() is $$
Trigger function: when no more than min_stock_alert bags are left to promise, tell the subscribers who have the coffee in their next box
or in one that is not yet sent (stock_alert, once each), and purchasing (a task of topic coffee.low_stock).
Returns: null (after trigger).
Source: specification 000, sync_subscription_inventory.
$$;

create or replace trigger sync_subscription_inventory_trigger
  after update on coffee.coffee_inventory
  for each row
  when (old.low_stock_alerts < new.low_stock_alerts)
  execute function coffee.sync_subscription_inventory();
