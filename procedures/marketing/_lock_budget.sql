create or replace function marketing._lock_budget(p_budget_id bigint)
  returns marketing.budgets
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_workspace bigint := marketing._require_budget(p_budget_id, 'user');
  v_budget    marketing.budgets;
begin
  perform marketing._lock_workspaces(array[v_workspace]);
  select b.* into v_budget from marketing.budgets as b where b.id = p_budget_id for no key update;
  if v_budget.closed_at is not null then
    perform platform.fail('budget_closed', jsonb_build_object('budget_id', p_budget_id, 'closed_at', v_budget.closed_at));
  end if;
  return v_budget;
end;
$$;

comment on function marketing._lock_budget(bigint) is $$
Begin a change of a budget.
p_budget_id: the budget.
Returns: its row, as it is once nobody else is at work on it.
Errors: MM091 budget_closed, MM094 budget_isolation_level; those of marketing._require_budget for role user.
Locks: the workspace, then the budget.
$$;
