-- Subscriptions speak of their plan for ever, so a plan stays. What a subscription has copied once and for all (how it is billed) is
-- fixed as soon as there is one; unit, too, because items have been chosen in it. Who subscribes holds the plan's row, so nobody slips
-- in between.

create or replace function coffee._plans_keep()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op <> 'UPDATE' then
    perform platform.fail('plan_permanent', jsonb_build_object('operation', lower(tg_op)));
  end if;
  if new.id <> old.id then
    perform platform.fail('plan_permanent', '{"operation": "update"}');
  end if;
  if (new.type, new.currency, new.interval_months, new.unit) is distinct from (old.type, old.currency, old.interval_months, old.unit)
    and exists (select from coffee.coffee_subscriptions as s where s.plan_id = old.id or s.pending_plan_id = old.id)
  then
    perform platform.fail('plan_terms_frozen', jsonb_build_object('plan', old.code, 'terms', 'type, currency, interval and unit'));
  end if;
  return new;
end;
$$;

comment on function coffee._plans_keep() is $$
Trigger function: a plan is neither deleted nor renumbered, and what is billed by it does not change once somebody has subscribed.
Returns: the new row.
Errors: MF035 plan_terms_frozen, MF036 plan_permanent.
$$;

create or replace trigger plans_keep
  before delete or truncate on coffee.plans
  for each statement
  execute function coffee._plans_keep();

create or replace trigger plans_keep_terms
  before update of id, type, currency, interval_months, unit on coffee.plans
  for each row
  when (
    (old.id, old.type, old.currency, old.interval_months, old.unit)
    is distinct from (new.id, new.type, new.currency, new.interval_months, new.unit)
  )
  execute function coffee._plans_keep();
