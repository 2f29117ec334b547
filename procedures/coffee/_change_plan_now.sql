-- Days are local dates, and a day belongs to the plan that it ends with. The unused days are credited at what they were worth of the row
-- that runs; the new plan costs its days of the whole period, however many parts that has been cut into, so several changes never credit
-- more than was paid. A row of periods cannot be empty: one that began today keeps a microsecond.

create or replace function coffee._change_plan_now(p_subscription coffee.coffee_subscriptions, p_plan coffee.plans)
  returns numeric
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_now      timestamptz := platform.now();
  v_zone     text := p_subscription.time_zone;
  v_exponent integer;
  v_row      coffee.billing_periods := coffee._running_period(p_subscription.id, v_now);
  v_id       bigint;
  v_today    date := (v_now at time zone v_zone)::date;
  v_first    date;
  v_last     date;
  v_whole    integer;
  v_cut      timestamptz;
  v_credit   numeric := 0;
  v_value    numeric := 0;
  v_used     numeric;
begin
  v_cut := greatest(v_today::timestamp at time zone v_zone, lower(v_row.period) + interval '1 microsecond');
  if (v_row.kind in ('billed', 'changed', 'carried') and v_cut < upper(v_row.period)) is not true then
    perform coffee._set_plan(p_subscription.id, p_plan.id, p_plan.price_per_month);
    return 0;
  end if;

  select c.exponent into v_exponent from platform.currencies as c where c.code = p_subscription.currency;
  select round(sum(extract(epoch from upper(b.period) - lower(b.period))) / 86400) into v_whole
  from coffee.billing_periods as b
  where b.subscription_id = p_subscription.id and b.period_index = v_row.period_index;
  v_first := (lower(v_row.period) at time zone v_zone)::date;
  v_last := (upper(v_row.period) at time zone v_zone)::date;

  if v_last > v_first then
    v_credit := coffee.prorate(v_row.value, least(v_last - v_today, v_last - v_first), v_last - v_first, v_exponent);
    v_value := coffee.prorate(
      p_plan.price_per_month * round(v_whole * 12 / 365.2425), least(v_last - v_today, v_last - v_first, v_whole), v_whole, v_exponent
    );
  end if;

  update coffee.billing_periods as b
  set period = tstzrange(lower(b.period), v_cut), value = b.value - v_credit
  where b.id = v_row.id;
  v_used := least(p_subscription.credit_balance + v_credit, v_value);
  insert into coffee.billing_periods (subscription_id, period_index, part, period, kind, amount, value, created_at)
  values (
    v_row.subscription_id, v_row.period_index, v_row.part + 1, tstzrange(v_cut, upper(v_row.period)), 'changed',
    v_value - v_used, v_value, v_now
  )
  returning id into v_id;

  insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
  select p_subscription.id, c.period_id, c.amount, c.reason, v_now
  from (values (1, v_row.id, v_credit, 'unused'), (2, v_id, -v_used, 'billed')) as c (position, period_id, amount, reason)
  where c.amount <> 0
  order by c.position;
  insert into coffee.billing_jobs (subscription_id, period_id, amount, currency, due_date, status, completed_at, created_at, updated_at)
  values (
    p_subscription.id, v_id, v_value - v_used, p_subscription.currency, v_now,
    case when v_value > v_used then 'waiting' else 'succeeded' end, case when v_value > v_used then null else v_now end, v_now, v_now
  );
  perform coffee._open_billing_job(v_id);  -- no box has to be packed for it
  update coffee.coffee_subscriptions as s
  set credit_balance = s.credit_balance + v_credit - v_used
  where s.id = p_subscription.id;

  perform coffee._set_plan(p_subscription.id, p_plan.id, p_plan.price_per_month);
  return v_value - v_used;
end;
$$;

comment on function coffee._change_plan_now(coffee.coffee_subscriptions, coffee.plans) is $$
Put a subscription on another plan at once. Of a running period the days from today on are credited, and charged by the new plan.
p_subscription: the row of coffee_subscriptions, locked, without an open bill, in no prepaid period.
p_plan: the row of the plan, in the same currency.
Returns: what is charged for the rest of the period now.
Locks: the running row of billing_periods.
$$;
