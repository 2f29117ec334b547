-- What moves figures of the past (an account that comes or goes, another channel, another currency) moves them in the same transaction.

create or replace function marketing._refigure(p_workspace_ids bigint[], p_campaign_ids bigint[] default null)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_from date;
  v_to   date;
begin
  select min(d.first_day), max(d.last_day)
  into v_from, v_to
  from (
    select min(m.month), (max(m.month) + interval '1 month - 1 day')::date
    from marketing.account_connections as n
    join marketing.campaigns as c on c.marketing_account_id = n.marketing_account_id
    join marketing.campaign_monthly as m on m.campaign_id = c.id
    where n.workspace_id = any (p_workspace_ids) and (p_campaign_ids is null or c.id = any (p_campaign_ids))
    union all
    select min(p.date), max(p.date)
    from marketing.channel_performance as p
    where p.workspace_id = any (p_workspace_ids) and p_campaign_ids is null
  ) as d (first_day, last_day);

  if v_from is not null then
    perform marketing._refresh_channels(p_workspace_ids, v_from, v_to);
    perform marketing._follow_spend(p_workspace_ids, v_from, v_to);
  end if;
end;
$$;

comment on function marketing._refigure(bigint[], bigint[]) is $$
Compute anew what workspaces are shown of the past: channel_performance and what budgets have spent.
p_workspace_ids: the workspaces.
p_campaign_ids: over the days of these campaigns alone; null: over all days.
Errors: MM094 budget_isolation_level.
Locks: the workspaces by ascending id, their channel_performance, their budgets by ascending id.
$$;
