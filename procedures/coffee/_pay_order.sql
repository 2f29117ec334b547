create or replace function coffee._pay_order(p_period_id bigint)
  returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_paid integer;
begin
  update coffee.subscription_orders as o
  set status = 'paid'
  where o.period_id = p_period_id and o.status = 'pending';
  get diagnostics v_paid = row_count;
  return v_paid;
end;
$$;

comment on function coffee._pay_order(bigint) is $$
A period is paid: its boxes may leave. What was missing from them is credited. Boxes that were cancelled stay so.
p_period_id: the period.
Returns: how many boxes were pending.
Locks: the rows of its boxes, and the subscription's, which the caller has locked before.
$$;
