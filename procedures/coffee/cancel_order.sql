-- Without a box there is no charge: where this was the last that was packed or still comes, the bill goes, too.

create or replace function coffee.cancel_order(p_order_id uuid, p_reason text)
  returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_status    text;
  v_period_id bigint;
  v_cancelled boolean;
begin
  perform
  from coffee.coffee_subscriptions as s
  where s.id = (select o.subscription_id from coffee.subscription_orders as o where o.id = p_order_id)
  for no key update;

  select o.status, o.period_id into v_status, v_period_id from coffee.subscription_orders as o where o.id = p_order_id;
  v_cancelled := coffee._cancel_order(p_order_id, p_reason);

  if v_cancelled and v_status = 'pending'
    and not exists (select from coffee.subscription_orders as o where o.period_id = v_period_id and o.status <> 'cancelled')
    and not exists (
      select from coffee.monthly_order_jobs as j where j.period_id = v_period_id and j.status in ('pending', 'delayed')
    )
  then
    perform coffee._drop_billing_job(v_period_id, 'out_of_stock');
  end if;
  return v_cancelled;
end;
$$;

comment on function coffee.cancel_order(uuid, text) is $$
Cancel a box that has not left. Its stock is released. When it is paid, its price is credited to the subscription, or refunded when that
has ended. When it is not, it depends on the period: with other boxes, packed or to come, the bill stays, and its price is credited when
that is paid; without, the bill is dropped, and a payment that arrives all the same is refunded. A cancelled box stays as it is.
p_order_id: the box.
p_reason: for the record.
Returns: whether it was cancelled by this call.
Errors: MF070 order_not_found, MF071 order_state_refused (it was shipped).
Locks: the subscription, its bill, the box, then its rows of coffee_inventory by ascending coffee and unit, and their stock_lots.
$$;
