-- What was paid for the period in all its parts, less what has been credited of it, is given back, once: money as money, the rest as
-- credit. What is closed here has given back its credit and its prepayment already.

create or replace function coffee._drop_billing_job(p_period_id bigint, p_kind text)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_period coffee.billing_periods;
  v_job    coffee.billing_jobs;
  v_parts  bigint[];
  v_status text;
  v_due    numeric;
  v_part   numeric;
  v_given  boolean;
begin
  select b.* into v_period from coffee.billing_periods as b where b.id = p_period_id for no key update;
  select j.status into v_status from coffee.billing_jobs as j where j.period_id = p_period_id for no key update;
  if v_period.kind = p_kind then
    return v_status;
  end if;

  v_parts := array(
    select b.id
    from coffee.billing_periods as b
    where b.subscription_id = v_period.subscription_id and b.period_index = v_period.period_index
  );
  perform coffee._close_billing_jobs(
    array(select j.id from coffee.billing_jobs as j where j.period_id = any (v_parts)), 'cancelled', p_kind, p_kind
  );

  select coalesce(bool_or(c.amount > 0 and c.reason <> 'returned'), false), -coalesce(sum(c.amount), 0) into v_given, v_due
  from coffee.subscription_credits as c
  where c.period_id = any (v_parts) and c.reason <> 'refunded';
  select v_due + coalesce(sum(j.amount), 0) into v_due
  from coffee.billing_jobs as j
  where j.period_id = any (v_parts) and j.status = 'succeeded';
  if v_period.kind = 'prepaid' and v_status = 'succeeded' then
    if v_given then  -- a part of it was credited: so is the rest
      select v_due + sum(b.value) + (
        select coalesce(sum(c.amount), 0) from coffee.subscription_credits as c
        where c.period_id = any (v_parts) and c.reason not in ('billed', 'returned', 'refunded')
      )
      into v_due
      from coffee.billing_periods as b
      where b.id = any (v_parts);
    else
      perform coffee._return_prepaid(array[p_period_id]);
    end if;
  end if;

  update coffee.billing_periods as b
  set kind = p_kind, amount = 0, value = 0, price = 0
  where b.id = any (v_parts);
  perform coffee._release_boxes(p_period_id, p_kind);

  for v_job in
    select j.*
    from coffee.billing_jobs as j
    where j.period_id = any (v_parts) and j.status = 'succeeded' and j.amount > 0
    order by j.id desc
  loop
    select least(v_due, v_job.amount + coalesce(sum(c.amount), 0)) into v_part
    from coffee.subscription_credits as c
    where c.period_id = v_job.period_id and c.reason = 'refunded';
    if v_part > 0 then
      v_job.amount := v_part;
      v_due := v_due - v_part;
      perform coffee._refund(v_job, v_job.gateway_reference, p_kind, 'dropped');
    end if;
  end loop;
  if v_due > 0 then
    insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
    values (v_period.subscription_id, p_period_id, v_due, 'returned', platform.now());
    update coffee.coffee_subscriptions as s set credit_balance = s.credit_balance + v_due where s.id = v_period.subscription_id;
  end if;

  perform coffee._end_past_due(v_period.subscription_id);  -- where this was the bill that had failed
  select j.status into v_status from coffee.billing_jobs as j where j.period_id = p_period_id;
  return v_status;
end;
$$;

comment on function coffee._drop_billing_job(bigint, text) is $$
A period costs nothing after all, because there is no box for it: its charge is cancelled, or paid back when it was paid; credit and
prepayment that it used are there again, less what was credited of it before. Doing it twice changes nothing.
A subscription that was past due for it alone goes on.
p_period_id: the period, its first part; the caller has locked its subscription.
p_kind: what the period is from now on: out_of_stock, as a rule.
Returns: the status of its billing job now; null when it has none.
Locks: the parts of the period, their billing jobs, its requests for boxes, orders and their stock.
$$;
