create or replace function coffee._find_plan(p_plan_id bigint)
  returns coffee.plans
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_plan coffee.plans;
begin
  if p_plan_id is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_plan_id"}');
  end if;
  select p.* into v_plan from coffee.plans as p where p.id = p_plan_id for share;
  if not found then
    perform platform.fail('plan_not_found', jsonb_build_object('plan_id', p_plan_id));
  elsif not v_plan.is_active then
    perform platform.fail('plan_retired', jsonb_build_object('plan_id', p_plan_id, 'plan', v_plan.code));
  end if;
  return v_plan;
end;
$$;

comment on function coffee._find_plan(bigint) is $$
Find a plan that can be subscribed to.
p_plan_id: the plan.
Returns: the row of plans.
Errors: MF001 coffee_argument_missing, MF021 plan_not_found, MF022 plan_retired.
Locks: the plan's row against changes, until the transaction ends: nobody gets a price that has just been changed.
$$;
