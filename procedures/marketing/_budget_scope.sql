create or replace function marketing._budget_scope(p_budget_ids bigint[])
  returns table (budget_id bigint, campaign_id bigint, currency text, budget_currency text, rate_max_age integer)
  language sql
  stable
  rows 1000
  set search_path = pg_catalog, pg_temp
as $$
  select b.id, c.id, a.currency, b.currency, w.rate_max_age
  from marketing.budgets as b
  join marketing.workspaces as w on w.id = b.workspace_id
  join marketing.account_connections as n on n.workspace_id = b.workspace_id and n.disconnected_at is null
  join marketing.marketing_accounts as a on a.id = n.marketing_account_id
  join marketing.campaigns as c on c.marketing_account_id = a.id
  where b.id = any (p_budget_ids)
    and case b.scope
      when 'workspace' then true
      when 'channel' then c.channel_id = b.channel_id
      else exists (select from marketing.budget_campaigns as m where m.budget_id = b.id and m.campaign_id = c.id)
    end
$$;

comment on function marketing._budget_scope(bigint[]) is $$
The campaigns that budgets are for, as their accounts are connected now.
p_budget_ids: the budgets.
Returns: budget and campaign, the currency of the campaign's account and that of the budget, and how old in days a rate may be.
$$;
