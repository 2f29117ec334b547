-- Who is told: whoever has chosen the coffee for the next box or for one that is still to be packed, and whoever has it in a box that is
-- packed and not yet sent; once, however many of them. Whether there is a next box, and whether it is chosen, is said as in
-- coffee.next_demand; of one still to be packed, by the plan that packs it. What a blind box holds is left out, or the notice would tell
-- it. The number of the alert is in the keys, so that a stock that has risen and falls again is told again, and one alert is told once.

create or replace function coffee.sync_subscription_inventory()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_key     text := format('low_stock:%s:%s', new.id, new.low_stock_alerts);
  v_name    text := (select c.name from coffee.coffees as c where c.id = new.coffee_id);
  v_content text := format('"%s" 재고가 얼마 남지 않았습니다!', v_name);
  v_data    jsonb := jsonb_build_object(
    'coffee_id', new.coffee_id, 'unit', new.unit, 'current_stock', new.current_stock, 'available', new.current_stock - new.reserved_stock
  );
begin
  perform coffee._notify(h.user_id, 'stock_alert', v_content, v_data, v_key)
  from (
    with candidates as (
      select i.subscription_id from coffee.subscription_items as i where i.coffee_id = new.coffee_id and i.unit = new.unit
      union
      select p.subscription_id from coffee.period_changes as p where p.coffee_id = new.coffee_id and p.unit = new.unit
    ), boxes as (
      select s.id, s.user_id, n.type, s.next_period as period_index
      from candidates as c
      join coffee.coffee_subscriptions as s on s.id = c.subscription_id
      join coffee.plans as n on n.id = coffee._plan_of(s, s.next_period)
      where s.status in ('active', 'past_due', 'pending_cancel')
        and (s.cancel_at is null or s.cancel_at > s.next_billing_at)
        and (s.pause_at is null or s.pause_at > s.next_billing_at)
        and not exists (
          select
          from coffee.period_changes as p
          where p.subscription_id = s.id and p.period_index = s.next_period and p.kind = 'skip'
        )
      union
      select s.id, s.user_id, n.type, p.period_index
      from candidates as c
      join coffee.coffee_subscriptions as s on s.id = c.subscription_id
      join coffee.billing_periods as p on p.subscription_id = s.id
      join coffee.monthly_order_jobs as j on j.period_id = p.id and j.status in ('pending', 'delayed')
      join coffee.plans as n on n.id = coalesce(
        (
          select l.plan_id
          from coffee.billing_periods as l
          where l.subscription_id = p.subscription_id and l.period_index = p.period_index
          order by l.part desc
          limit 1
        ),
        s.plan_id
      )
      where s.status in ('active', 'past_due', 'pending_cancel')
    )
    select b.user_id
    from boxes as b
    where exists (
      select
      from coffee._chosen_items(b.id, b.period_index, true) as c
      where c.coffee_id = new.coffee_id and c.unit = new.unit and (c.is_extra or b.type = 'my_choice')
    )
    union
    select o.user_id
    from coffee.order_items as i
    join coffee.subscription_orders as o on o.id = i.order_id
    join coffee.coffee_subscriptions as s on s.id = o.subscription_id
    where i.coffee_id = new.coffee_id
      and i.unit = new.unit
      and o.status in ('pending', 'paid')
      and (i.is_extra or not o.is_blind)
      and s.status in ('active', 'past_due', 'pending_cancel')
    order by user_id
  ) as h;

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
