-- Days are local dates, and a day belongs to the plan that it ends with. A dearer plan costs the difference for the days that are left, or
-- for the boxes that have not been packed if that is more; a cheaper one gives back the difference for those boxes alone, because what
-- has been packed has been had. What boxes are still worth (value less what packed ones took) bounds both, so nobody gets a box for less
-- than its plan costs, nor more back than was paid. The parts of a period are worth together what remains paid for it; price is that of the
-- whole period as it was paid, so that going back costs again what was given back, and nothing else. What costs something is undone when
-- it is not paid (_undo_plan_change), and until that is known no further period is billed. A row of periods cannot be empty: one that began
-- today keeps a microsecond.

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
  v_boxes    integer;
  v_open     integer;
  v_days     integer;
  v_unsent   numeric;
  v_old      numeric;
  v_new      numeric;
  v_by_boxes numeric;
  v_by_days  numeric;
  v_share    numeric;
  v_charge   numeric;
begin
  v_cut := greatest(v_today::timestamp at time zone v_zone, lower(v_row.period) + interval '1 microsecond');
  if (v_row.kind in ('billed', 'changed', 'carried') and v_cut < upper(v_row.period)) is not true then
    perform coffee._set_plan(p_subscription.id, p_plan.id, p_plan.price_per_month);
    return 0;
  end if;

  select c.exponent into v_exponent from platform.currencies as c where c.code = p_subscription.currency;
  select round(sum(extract(epoch from upper(b.period) - lower(b.period))) / 86400), sum(b.value) into v_whole, v_unsent
  from coffee.billing_periods as b
  where b.subscription_id = p_subscription.id and b.period_index = v_row.period_index;
  select count(*), count(*) filter (where j.status in ('pending', 'delayed')), v_unsent - coalesce(sum(j.value), 0)
  into v_boxes, v_open, v_unsent
  from coffee.monthly_order_jobs as j
  join coffee.billing_periods as b on b.id = j.period_id
  where b.subscription_id = p_subscription.id and b.period_index = v_row.period_index;

  v_first := (lower(v_row.period) at time zone v_zone)::date;
  v_last := (upper(v_row.period) at time zone v_zone)::date;
  v_days := least(v_last - v_today, v_last - v_first, v_whole);
  v_old := coalesce(v_row.price, v_row.value);
  v_new := p_plan.price_per_month * round(v_whole * 12 / 365.2425);

  v_by_boxes := v_open * p_plan.price_per_month - case when v_open > 0 then v_unsent else 0 end;
  v_by_days := round((v_new - v_old) * v_days / greatest(v_whole, 1), v_exponent);
  v_charge := case when v_new < v_old then v_by_boxes else greatest(v_by_boxes, v_by_days, 0) end;
  v_share := greatest(v_days::numeric / greatest(v_whole, 1), v_open::numeric / greatest(v_boxes, 1));
  if v_last > v_first then
    v_value := coffee.prorate(v_row.value, least(v_days, v_last - v_first), v_last - v_first, v_exponent);
  end if;

  update coffee.billing_periods as b
  set period = tstzrange(lower(b.period), v_cut), value = b.value - v_value, price = v_old
  where b.id = v_row.id;
  v_used := least(p_subscription.credit_balance, greatest(v_charge, 0));
  insert into coffee.billing_periods (
    subscription_id, period_index, part, period, kind, amount, value, price, plan_id, price_per_month, created_at
  )
  values (
    v_row.subscription_id, v_row.period_index, v_row.part + 1, tstzrange(v_cut, upper(v_row.period)), 'changed',
    greatest(v_charge, 0) - v_used, v_value + greatest(v_charge, 0),
    case when v_share > 0 then greatest(round(v_old + greatest(v_charge, 0) / v_share, v_exponent), 0) else v_new end,
    p_plan.id, p_plan.price_per_month, v_now
  )
  returning id into v_id;
  if v_charge < 0 then
    v_credit := coffee._lower_value(v_id, -v_charge);
    update coffee.billing_periods as b set price = greatest(round(v_old - v_credit / v_share, v_exponent), 0) where b.id = v_id;
  end if;
  v_charge := greatest(v_charge, 0) - v_used;

  insert into coffee.subscription_credits (subscription_id, period_id, amount, reason, created_at)
  select p_subscription.id, c.period_id, c.amount, c.reason, v_now
  from (values (1, v_id, v_credit, 'unused'), (2, v_id, -v_used, 'billed')) as c (position, period_id, amount, reason)
  where c.amount <> 0
  order by c.position;
  insert into coffee.billing_jobs (subscription_id, period_id, amount, currency, due_date, status, completed_at, created_at, updated_at)
  values (
    p_subscription.id, v_id, v_charge, p_subscription.currency, v_now,
    case when v_charge > 0 then 'waiting' else 'succeeded' end, case when v_charge > 0 then null else v_now end, v_now, v_now
  );
  perform coffee._open_billing_job(v_id);  -- no box has to be packed for it
  update coffee.coffee_subscriptions as s
  set credit_balance = s.credit_balance + v_credit - v_used, is_change_unpaid = v_charge > 0
  where s.id = p_subscription.id;

  perform coffee._set_plan(p_subscription.id, p_plan.id, p_plan.price_per_month);
  return v_charge;
end;
$$;

comment on function coffee._change_plan_now(coffee.coffee_subscriptions, coffee.plans) is $$
Put a subscription on another plan at once. Of a running period the difference is charged for the days or boxes that are left, whichever is
more, or credited for the boxes that have not been packed.
p_subscription: the row of coffee_subscriptions, locked, without an open bill, in no prepaid period.
p_plan: the row of the plan, in the same currency.
Returns: what is charged for the rest of the period now.
Locks: the running row of billing_periods.
$$;
