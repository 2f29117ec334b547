create or replace function marketing._tell_budget(p_budget_id bigint, p_kind text, p_level numeric, p_amount numeric)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_budget marketing.budgets;
  v_alert  bigint;
begin
  select b.* into v_budget from marketing.budgets as b where b.id = p_budget_id;

  insert into marketing.budget_alerts (budget_id, revision, kind, level, spent_amount, total_amount, created_at)
  values (p_budget_id, v_budget.revision, p_kind, p_level, p_amount, v_budget.total_amount, platform.now())
  on conflict on constraint budget_alerts_once_key do nothing
  returning id into v_alert;

  if found then
    perform platform.enqueue_task(
      'marketing.budget_alert',
      jsonb_build_object(
        'alert_id', v_alert,
        'workspace_id', v_budget.workspace_id,
        'budget_id', p_budget_id,
        'name', v_budget.name,
        'kind', p_kind,
        'level', p_level,
        'currency', v_budget.currency,
        'spent_amount', p_amount,
        'total_amount', v_budget.total_amount
      ),
      'alert:' || v_alert
    );
  end if;
end;
$$;

comment on function marketing._tell_budget(bigint, text, numeric, numeric) is $$
Tell that a budget has reached a level, once in its revision: a row of budget_alerts, and a task marketing.budget_alert (payload: alert_id,
workspace_id, budget_id, name, kind, level, currency, spent_amount, total_amount).
p_budget_id: the budget, locked by the caller.
p_kind: spent or pace.
p_level: per cent of the total.
p_amount: what is spent, or will be.
$$;
