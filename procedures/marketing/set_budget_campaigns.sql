create or replace function marketing.set_budget_campaigns(p_budget_id bigint, p_campaign_ids bigint[])
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_budget marketing.budgets := marketing._lock_budget(p_budget_id);
begin
  if v_budget.scope <> 'campaigns' then
    perform platform.fail('budget_campaigns_invalid', jsonb_build_object('problem', format('its scope is %s', v_budget.scope)));
  end if;
  perform marketing._write_budget_campaigns(p_budget_id, p_campaign_ids);
end;
$$;

comment on function marketing.set_budget_campaigns(bigint, bigint[]) is $$
Say which campaigns a budget is for that was made for campaigns; what they have spent from its start on counts at once.
p_budget_id: the budget; the acting user has role user or admin in its workspace.
p_campaign_ids: all of them, in any order.
Errors: MM002 not_permitted, MM003 acting_user_required, MM090 budget_not_found, MM091 budget_closed, MM093 budget_campaigns_invalid,
MM094 budget_isolation_level.
Locks: the workspace, then the budget.
$$;
