create or replace function coffee._release_boxes(p_period_id bigint, p_reason text)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update coffee.monthly_order_jobs as j
  set status = 'cancelled', updated_at = platform.now()
  where j.period_id = p_period_id and j.status in ('pending', 'delayed');

  perform coffee._cancel_order(o.id, p_reason)
  from (
    select o.id
    from coffee.subscription_orders as o
    where o.period_id = p_period_id and o.status = 'pending'
    order by o.id
  ) as o;
end;
$$;

comment on function coffee._release_boxes(bigint, text) is $$
Give up the boxes of a period that nobody pays for: those that are packed go back into the stock, the others are not packed.
p_period_id: the period.
p_reason: for the record.
Locks: its requests for boxes, its orders, and their stock.
$$;
