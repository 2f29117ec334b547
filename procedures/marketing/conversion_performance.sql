-- requires: procedures/marketing/_workspace_campaigns.sql
--
-- A purchase is counted under each action, model and window that a platform reports. So either the caller says which one is meant, or there
-- is one alone; else the call is refused with what there is to choose from. Money is converted once, for a campaign's day.

create or replace function marketing.conversion_performance(
  p_workspace_id bigint,
  p_from date,
  p_to date,
  p_action text default null,
  p_model text default null,
  p_click_window integer default null,
  p_view_window integer default null,
  p_by text default 'campaign',
  p_currency text default null
)
  returns table (
    group_id bigint,
    group_name text,
    action text,
    model text,
    click_window integer,
    view_window integer,
    currency text,
    conversions numeric,
    revenue numeric,
    cost numeric,
    cpa numeric,
    roas numeric,
    missing_rates text[]
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_workspace marketing.workspaces;
  v_currency  text;
  v_choices   jsonb;
  v_choice    jsonb;
begin
  perform marketing._require_role(p_workspace_id, 'viewer');
  perform marketing._check_dates(p_from, p_to);
  perform marketing._refuse_archived(
    marketing._archived_months('campaign_daily') * datemultirange(daterange(p_from, p_to, '[]'))
  );
  select w.* into v_workspace from marketing.workspaces as w where w.id = p_workspace_id;
  v_currency := coalesce(p_currency, v_workspace.report_currency);
  if (p_by in ('campaign', 'channel', 'account', 'platform', 'workspace')) is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_by', 'value', p_by, 'problem', 'it is campaign, channel, account, platform or workspace'
    ));
  end if;
  perform marketing._check_currency('p_currency', v_currency);

  select jsonb_agg(jsonb_build_object(
    'action', c.action, 'model', c.model, 'click_window', c.click_window, 'view_window', c.view_window
  ) order by c.action, c.model, c.click_window, c.view_window) into v_choices
  from (
    select distinct f.action, f.model, f.click_window, f.view_window
    from marketing.conversion_facts as f
    join marketing._workspace_campaigns(p_workspace_id) as w on w.campaign_id = f.campaign_id
    where f.date between p_from and p_to
      and f.action = coalesce(p_action, f.action)
      and f.model = coalesce(p_model, f.model)
      and f.click_window = coalesce(p_click_window, f.click_window)
      and f.view_window = coalesce(p_view_window, f.view_window)
  ) as c;
  if jsonb_array_length(v_choices) > 1 then
    perform platform.fail('conversions_not_additive', jsonb_build_object(
      'combinations', jsonb_array_length(v_choices), 'choices', v_choices
    ));
  end if;
  v_choice := v_choices -> 0;

  return query
  with campaigns as materialized (
    select
      w.campaign_id,
      w.currency,
      case p_by
        when 'campaign' then w.campaign_id when 'channel' then w.channel_id when 'account' then w.account_id
        when 'workspace' then p_workspace_id
      end as group_id,
      case p_by
        when 'campaign' then w.campaign_name when 'channel' then w.channel_name when 'account' then w.account_name
        when 'platform' then w.platform else v_workspace.name
      end as group_name
    from marketing._workspace_campaigns(p_workspace_id) as w
  ),
  days as (
    select
      coalesce(f.campaign_id, d.campaign_id) as campaign_id,
      coalesce(f.date, d.date) as date,
      coalesce(f.conversions, 0) as conversions,
      coalesce(f.revenue, 0) as revenue,
      coalesce(d.cost, 0) as cost
    from (
      select f.campaign_id, f.date, f.conversions, f.revenue
      from marketing.conversion_facts as f
      where f.date between p_from and p_to
        and f.campaign_id in (select c.campaign_id from campaigns as c)
        and f.action = v_choice ->> 'action' and f.model = v_choice ->> 'model'
        and f.click_window = (v_choice ->> 'click_window')::smallint and f.view_window = (v_choice ->> 'view_window')::smallint
    ) as f
    full join (
      select d.campaign_id, d.date, d.cost
      from marketing.campaign_daily as d
      where d.date between p_from and p_to and d.campaign_id in (select c.campaign_id from campaigns as c)
    ) as d on (d.campaign_id, d.date) = (f.campaign_id, f.date)
  ),
  rates as materialized (
    select r.currency, r.date, marketing._rate(r.currency, v_currency, r.date, v_workspace.rate_max_age) as rate
    from (
      select distinct c.currency, d.date
      from days as d
      join campaigns as c on c.campaign_id = d.campaign_id
      where d.revenue <> 0 or d.cost <> 0
    ) as r
  ),
  groups as (
    select
      c.group_id,
      c.group_name,
      sum(d.conversions) as conversions,
      sum(round(d.revenue * coalesce(r.rate, 0), 6)) as revenue,
      sum(round(d.cost * coalesce(r.rate, 0), 6)) as cost,
      coalesce(
        array_agg(distinct c.currency || '/' || v_currency) filter (where r.date is not null and r.rate is null), '{}'
      ) as missing_rates
    from days as d
    join campaigns as c on c.campaign_id = d.campaign_id
    left join rates as r on (r.currency, r.date) = (c.currency, d.date)
    group by c.group_id, c.group_name
    having sum(d.conversions) > 0 or sum(d.cost) > 0 or sum(d.revenue) <> 0
  ),
  told as (
    select
      g.group_id,
      g.group_name,
      g.conversions,
      case when g.missing_rates = '{}' then g.revenue end as revenue,
      case when g.missing_rates = '{}' then g.cost end as cost,
      g.missing_rates
    from groups as g
  )
  select
    t.group_id, t.group_name, v_choice ->> 'action', v_choice ->> 'model', (v_choice ->> 'click_window')::integer,
    (v_choice ->> 'view_window')::integer, v_currency, t.conversions, t.revenue, t.cost, marketing.cpa(t.cost, t.conversions),
    marketing.roas(t.revenue, t.cost), t.missing_rates
  from told as t
  where v_choice is not null
  order by t.conversions desc, t.group_name, t.group_id;
end;
$$;

comment on function marketing.conversion_performance(bigint, date, date, text, text, integer, integer, text, text) is $$
What platforms claim of one kind of conversion: one action by one attribution model with one pair of windows. Different ones count the same
purchase again and are never added together; several platforms may claim the same one, too (marketing.attribute_conversions compares).
p_workspace_id: the workspace; campaigns of the ad accounts that it has connected.
p_from and p_to: first and last day, by the accounts' days.
p_action, p_model, p_click_window, p_view_window: which; may be left out as far as there is no choice.
p_by: campaign, channel, account, platform or workspace: what a row is.
p_currency: of money; null: the workspace's.
Returns: a row for each group that has conversions or cost; group_id is null of platforms and of campaigns without a channel. Money and its
ratios are null where a rate is missing; missing_rates says which. No row when there are no such conversions.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM051 conversions_not_additive (detail: choices), MM073 days_archived when the cost of days among them has
left for the archive.
Source: research 4.2 #6, 4.4 T15.
$$;
