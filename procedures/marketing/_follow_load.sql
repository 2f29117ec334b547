create or replace function marketing._follow_load(p_campaign_ids bigint[], p_from date, p_to date)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_workspaces bigint[];
begin
  select array_agg(distinct n.workspace_id) into v_workspaces
  from marketing.campaigns as c
  join marketing.account_connections as n on n.marketing_account_id = c.marketing_account_id and n.disconnected_at is null
  where c.id = any (p_campaign_ids);

  if v_workspaces is not null then
    perform marketing._refresh_channels(v_workspaces, p_from, p_to);
    perform marketing._follow_spend(v_workspaces, p_from, p_to);
  end if;
end;
$$;

comment on function marketing._follow_load(bigint[], date, date) is $$
Bring everything that is made of campaigns' days into agreement with them: channel_performance, then the budgets. The last that every
writer of facts calls, in its own transaction.
p_campaign_ids: campaigns whose days changed.
p_from, p_to: the first and the last such day.
Returns: nothing.
Errors: MM094 budget_isolation_level.
Locks: the workspaces that have their accounts connected, ascending; then budgets.
$$;
