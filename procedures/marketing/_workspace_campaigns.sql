create or replace function marketing._workspace_campaigns(p_workspace_id bigint)
  returns table (
    campaign_id bigint,
    campaign_name text,
    channel_id bigint,
    channel_name text,
    account_id bigint,
    account_name text,
    platform text,
    currency text
  )
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select
    c.id, c.campaign_name::text, c.channel_id, h.name::text, a.id, coalesce(a.account_name, a.account_id)::text, a.platform::text,
    a.currency::text
  from marketing.account_connections as n
  join marketing.marketing_accounts as a on a.id = n.marketing_account_id
  join marketing.campaigns as c on c.marketing_account_id = a.id
  left join marketing.channels as h on h.id = c.channel_id
  where n.workspace_id = p_workspace_id and n.disconnected_at is null
$$;

comment on function marketing._workspace_campaigns(bigint) is $$
The campaigns that a workspace sees: those of the ad accounts that it has connected now.
p_workspace_id: the workspace.
Returns: a row for each campaign, with what it may be grouped by.
$$;
