-- What ran before goes on in the part that the change had begun, at what it was worth. What was said meanwhile about a later plan stays.

create or replace function coffee._undo_plan_change(p_period_id bigint)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_part   coffee.billing_periods;
  v_before coffee.billing_periods;
  v_sub    coffee.coffee_subscriptions;
  v_used   numeric;
begin
  select b.* into strict v_part from coffee.billing_periods as b where b.id = p_period_id;
  select b.* into strict v_before
  from coffee.billing_periods as b
  where b.subscription_id = v_part.subscription_id and b.period_index = v_part.period_index and b.part = v_part.part - 1;
  select s.* into strict v_sub from coffee.coffee_subscriptions as s where s.id = v_part.subscription_id;
  select coalesce(-sum(c.amount), 0) into v_used
  from coffee.subscription_credits as c
  where c.period_id = p_period_id and c.reason in ('billed', 'returned');

  -- its bill goes out of what the parts are worth; where a box was credited meanwhile, its own part may be worth less than that
  update coffee.billing_periods as b
  set value = b.value - p.taken
  from (
    select
      b.id,
      least(b.value, greatest(v_part.amount + v_used - coalesce(sum(b.value) over later, 0), 0)) as taken
    from coffee.billing_periods as b
    where b.subscription_id = v_part.subscription_id and b.period_index = v_part.period_index
    window later as (order by b.part desc rows between unbounded preceding and 1 preceding)
  ) as p
  where b.id = p.id and p.taken > 0;
  update coffee.billing_periods as b
  set kind = 'carried', amount = 0, price = v_before.price, plan_id = v_before.plan_id, price_per_month = v_before.price_per_month
  where b.id = p_period_id;
  perform coffee._return_credit(array[p_period_id]);
  perform coffee._record_event(v_sub.id, 'plan_change_undone', jsonb_build_object(
    'plan_id', v_part.plan_id, 'previous_plan_id', v_before.plan_id, 'period', v_part.period_index
  ));

  if v_sub.status <> 'cancelled' and v_sub.plan_id = v_part.plan_id and v_sub.next_period = v_part.period_index + 1 then
    if v_sub.pending_plan_id is null then  -- what was chosen for the other plan
      delete from coffee.subscription_items as i where i.subscription_id = v_sub.id and i.valid_from >= v_sub.next_period;
    end if;
    perform coffee._set_plan(v_sub.id, v_before.plan_id, v_before.price_per_month);
    if v_sub.pending_plan_id <> v_before.plan_id then
      update coffee.coffee_subscriptions as s
      set pending_plan_id = v_sub.pending_plan_id, pending_plan_period = v_sub.pending_plan_period, pending_price = v_sub.pending_price
      where s.id = v_sub.id;
    end if;
  end if;
end;
$$;

comment on function coffee._undo_plan_change(bigint) is $$
A change of plan was not paid: the plan before goes on, and credit that its bill used is there again.
p_period_id: the part of the period that the change began; its bill is closed, its subscription locked.
Locks: the rows of the period, and the subscription's row.
$$;
