create or replace function coffee.retire_plan(p_plan_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  if p_plan_id is null then
    perform platform.fail('coffee_argument_missing', '{"argument": "p_plan_id"}');
  end if;
  update coffee.plans as p set is_active = false where p.id = p_plan_id;
  if not found then
    perform platform.fail('plan_not_found', jsonb_build_object('plan_id', p_plan_id));
  end if;
end;
$$;

comment on function coffee.retire_plan(bigint) is $$
Nobody can subscribe to a plan any more, nor change to it; subscriptions that have it go on. coffee.edit_plan can bring it back.
p_plan_id: the plan; one that is retired stays so.
Errors: MF001 coffee_argument_missing, MF021 plan_not_found.
Locks: the plan's row.
$$;
