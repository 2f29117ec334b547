create or replace function coffee._drop_billing_job(p_period_id bigint, p_kind text)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_period coffee.billing_periods;
  v_job    coffee.billing_jobs;
begin
  select b.* into v_period from coffee.billing_periods as b where b.id = p_period_id for no key update;
  select j.* into v_job from coffee.billing_jobs as j where j.period_id = p_period_id for no key update;
  if v_period.kind = p_kind then
    return v_job.status;
  end if;

  -- what is closed has given its prepayment back already
  update coffee.billing_periods as b set kind = p_kind, amount = 0, value = 0 where b.id = p_period_id;
  if v_job.status = 'succeeded' and v_job.amount > 0 then
    perform coffee._refund(v_job, v_job.gateway_reference, p_kind);
  else
    perform coffee._close_billing_jobs(array[v_job.id], 'cancelled', p_kind, p_kind);
  end if;

  perform coffee._return_credit(array[p_period_id]);
  if v_period.kind = 'prepaid' and v_job.status = 'succeeded' then
    update coffee.coffee_subscriptions as s set prepaid_remaining = s.prepaid_remaining + 1
    where s.id = v_period.subscription_id and s.status <> 'cancelled';
  end if;

  select j.status into v_job.status from coffee.billing_jobs as j where j.id = v_job.id;
  return v_job.status;
end;
$$;

comment on function coffee._drop_billing_job(bigint, text) is $$
A period costs nothing after all, because there is no box for it: its charge is cancelled, or paid back when it was paid; credit and
prepayment that it used are there again. Doing it twice changes nothing.
p_period_id: the period; the caller has locked its subscription.
p_kind: what the period is from now on: out_of_stock, as a rule.
Returns: the status of its billing job now; null when it has none.
Locks: the period, its billing job, its requests for boxes, orders and their stock.
$$;
