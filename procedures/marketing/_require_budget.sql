create or replace function marketing._require_budget(p_budget_id bigint, p_minimum text)
  returns bigint
  language plpgsql
  stable
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_workspace bigint;
begin
  select b.workspace_id into v_workspace
  from marketing.budgets as b
  where b.id = p_budget_id
    and (marketing._acting_user() is null or b.workspace_id = any (marketing._my_workspaces()));
  if not found then
    if marketing._acting_user() is null and not marketing._is_operator() then
      perform platform.fail('acting_user_required');
    end if;
    perform platform.fail('budget_not_found', jsonb_build_object('budget_id', p_budget_id));
  end if;
  perform marketing._require_role(v_workspace, p_minimum);
  return v_workspace;
end;
$$;

comment on function marketing._require_budget(bigint, text) is $$
Refuse whoever may not do something with a budget, as marketing._require_role does with its workspace.
p_budget_id: the budget.
p_minimum: the least role that may: viewer, user or admin.
Returns: its workspace.
Errors: MM002 not_permitted, MM003 acting_user_required, MM090 budget_not_found.
$$;
