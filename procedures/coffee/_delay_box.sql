-- A box that cannot be packed waits until its period is over, two weeks at least, unless the plan would rather skip it. Nobody pays for
-- what is skipped: a period without any box is dropped, with whatever was paid for it; of one that is paid and has others, the box is
-- credited, and of one that is not paid yet it will be when that is paid (coffee._credit_unsent). A period of several boxes is not dropped
-- for one of them.

create or replace function coffee._delay_box(
  p_job coffee.monthly_order_jobs,
  p_subscription coffee.coffee_subscriptions,
  p_plan coffee.plans,
  p_until timestamptz,
  p_paid boolean,
  p_at timestamptz,
  p_error text
)
  returns text
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_others boolean := exists (
    select
    from coffee.monthly_order_jobs as j
    where j.period_id = p_job.period_id
      and j.id <> p_job.id
      and (j.status = 'done' or j.status = 'skipped' and p_paid or j.status in ('pending', 'delayed') and p_at < p_until)
  );
  v_skip   boolean := p_error is null and (p_at >= p_until or p_plan.oos_policy = 'skip' and (p_paid or not v_others));
  v_value  numeric;
begin
  if v_skip then
    select coffee._box_value(p_job.period_id, c.exponent) into v_value from platform.currencies as c where c.code = p_subscription.currency;
    update coffee.monthly_order_jobs as j
    set status = 'skipped', value = v_value, attempts = j.attempts + 1, last_error = 'out of stock', updated_at = p_at
    where j.period_id = p_job.period_id
      and (j.id = p_job.id or not v_others)
      and j.status in ('pending', 'delayed');
    p_job.value := v_value;

    if v_others and p_paid then
      perform coffee._credit_box(
        p_subscription.id, p_job.period_id, coffee._box_price(p_job), 'box_skipped', p_job.id
      );
    elsif not v_others then
      perform coffee._drop_billing_job(p_job.period_id, 'out_of_stock');
    end if;
  else
    update coffee.monthly_order_jobs as j
    set status = 'delayed', attempts = j.attempts + 1, last_error = coalesce(p_error, 'out of stock'), updated_at = p_at,
      run_at = case
        when p_error is null then least(p_at + interval '6 hours', p_until)
        else p_at + least(j.attempts + 1, 24) * interval '1 hour'
      end
    where j.id = p_job.id;
  end if;

  if p_error is null then
    perform coffee._notify(
      p_subscription.user_id,
      case when v_skip then 'box_skipped' else 'box_delayed' end,
      case
        when v_skip then '이번 달 박스는 재고가 없어 보내드리지 못합니다. 요금은 청구되지 않거나 다음 결제에서 차감됩니다.'
        else '재고가 준비되는 대로 이번 달 박스를 보내드리겠습니다.'
      end,
      jsonb_build_object('subscription_id', p_subscription.id, 'month', p_job.target_month),
      case when v_skip then 'box_skipped:' else 'box_delayed:' end || p_job.id
    );
  end if;
  return case when v_skip then 'skipped' else 'delayed' end;
end;
$$;

comment on function coffee._delay_box(
  coffee.monthly_order_jobs, coffee.coffee_subscriptions, coffee.plans, timestamptz, boolean, timestamptz, text
) is $$
A box could not be packed: try it later, or give it up. The customer is told, once.
p_job: its request, locked.
p_subscription: the subscription, locked.
p_plan: its plan.
p_until: when it is given up.
p_paid: whether the period is paid.
p_at: when.
p_error: what failed; null: the stock did not suffice.
Returns: delayed or skipped.
Locks: billing_jobs of the period, the subscription's row.
$$;
