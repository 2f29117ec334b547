create or replace function coffee.edit_plan(p_plan_id bigint, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_plan_id is null or p_changes is null then
    perform platform.fail('coffee_argument_missing',
      jsonb_build_object('argument', case when p_plan_id is null then 'p_plan_id' else 'p_changes' end));
  end if;
  perform coffee._check_plan_terms(p_changes, '{}');

  perform from coffee.plans as p where p.id = p_plan_id for no key update;
  if not found then
    perform platform.fail('plan_not_found', jsonb_build_object('plan_id', p_plan_id));
  end if;
  if p_changes <> '{}' then
    perform coffee._write_plan(p_plan_id, p_changes);
  end if;
end;
$$;

comment on function coffee.edit_plan(bigint, jsonb) is $$
Change terms of a plan: all that are given, or none. Price, name and Lab Pro count for who subscribes from now on; type, currency, interval
and unit are fixed once somebody has subscribed; the rest counts for every subscription of it.
p_plan_id: the plan.
p_changes: a JSON object, column of coffee.plans → new value.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid, MF021 plan_not_found,
MF033 plan_terms_invalid (detail: problem, constraint), MF034 plan_code_taken, MF035 plan_terms_frozen.
Locks: the plan's row; who subscribes to it waits.
$$;
