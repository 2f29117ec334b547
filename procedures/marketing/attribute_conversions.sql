-- requires: procedures/marketing/_attribute.sql
--
-- Each order counts once, by one's own rule; beside it stands what the platforms claim for the same days, which together may be more orders
-- than there were.

create or replace function marketing.attribute_conversions(
  p_workspace_id bigint,
  p_from date,
  p_to date,
  p_model text default 'position',
  p_lookback interval default '30 days',
  p_by text default 'channel',
  p_currency text default null
)
  returns table (
    group_id bigint,
    group_name text,
    currency text,
    orders numeric,
    revenue numeric,
    claimed_conversions numeric,
    claimed_revenue numeric,
    claim_ratio numeric,
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
begin
  perform marketing._require_role(p_workspace_id, 'viewer');
  perform marketing._check_dates(p_from, p_to);
  perform marketing._refuse_archived(
    marketing._archived_months('campaign_daily') * datemultirange(daterange(p_from, p_to, '[]'))
  );
  perform marketing._check_attribution(p_model, p_lookback);
  select w.* into v_workspace from marketing.workspaces as w where w.id = p_workspace_id;
  v_currency := coalesce(p_currency, v_workspace.report_currency);
  if (p_by in ('campaign', 'channel')) is not true then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_by', 'value', p_by, 'problem', 'it is campaign or channel'
    ));
  end if;
  perform marketing._check_currency('p_currency', v_currency);

  return query
  with shares as (
    select
      case p_by when 'campaign' then s.campaign_id else s.channel_id end as group_id, s.part, s.revenue, s.missing_rate
    from marketing._attribute(
      p_workspace_id, p_from::timestamp at time zone v_workspace.time_zone, (p_to + 1)::timestamp at time zone v_workspace.time_zone,
      p_model, p_lookback, v_currency
    ) as s
  ),
  own as (
    select
      s.group_id,
      sum(s.part) as orders,
      sum(s.revenue) as revenue,
      coalesce(array_agg(distinct s.missing_rate) filter (where s.missing_rate is not null), '{}') as missing_rates
    from shares as s
    group by s.group_id
  ),
  days as materialized (
    select w.campaign_id, w.channel_id, w.currency, d.date, d.conversions, d.revenue
    from marketing._workspace_campaigns(p_workspace_id) as w
    join marketing.campaign_daily as d on d.campaign_id = w.campaign_id
    where d.date between p_from and p_to and (d.conversions <> 0 or d.revenue <> 0)
  ),
  rates as materialized (
    select r.currency, r.date, marketing._rate(r.currency, v_currency, r.date, v_workspace.rate_max_age) as rate
    from (select distinct d.currency, d.date from days as d where d.revenue <> 0) as r
  ),
  claims as (
    select
      case p_by when 'campaign' then d.campaign_id else d.channel_id end as group_id,
      sum(d.conversions) as conversions,
      sum(round(d.revenue * coalesce(r.rate, 0), 6)) as revenue,
      coalesce(
        array_agg(distinct d.currency || '/' || v_currency) filter (where r.date is not null and r.rate is null), '{}'
      ) as missing_rates
    from days as d
    left join rates as r on (r.currency, r.date) = (d.currency, d.date)
    group by 1
  ),
  told as (
    select
      coalesce(o.group_id, c.group_id) as group_id,
      coalesce(o.orders, 0) as orders,
      case when coalesce(o.missing_rates, '{}') = '{}' then coalesce(o.revenue, 0) end as revenue,
      coalesce(c.conversions, 0) as claimed_conversions,
      case when coalesce(c.missing_rates, '{}') = '{}' then coalesce(c.revenue, 0) end as claimed_revenue,
      coalesce(o.missing_rates, '{}') || coalesce(c.missing_rates, '{}') as missing_rates
    from own as o
    full join claims as c on coalesce(c.group_id, 0) = coalesce(o.group_id, 0)
  )
  select
    t.group_id,
    case p_by
      when 'campaign' then (select c.campaign_name::text from marketing.campaigns as c where c.id = t.group_id)
      else (select h.name::text from marketing.channels as h where h.id = t.group_id)
    end,
    v_currency, t.orders, t.revenue, t.claimed_conversions, t.claimed_revenue, round(t.claimed_conversions / nullif(t.orders, 0), 6),
    array(select distinct m.name from unnest(t.missing_rates) as m (name) order by m.name)
  from told as t
  order by t.group_id is null, t.orders desc, t.claimed_conversions desc, t.group_id;
end;
$$;

comment on function marketing.attribute_conversions(bigint, date, date, text, interval, text, text) is $$
What each channel or campaign contributed to the workspace's own orders, by a rule of one's own, beside what the platforms claim.
p_workspace_id: the workspace.
p_from and p_to: first and last day of the orders, in the workspace's zone; claims are of the same days of the ad accounts.
p_model: first, last, linear, position (40 % each to the first and the last visit, 20 % to those between) or time_decay (a visit counts
half for each week that it is before the last).
p_lookback: visits that long before the order count.
p_by: channel or campaign: what a row is.
p_currency: of money; null: the workspace's. Orders are converted at the rate of their day, into whole coins.
Returns: a row for each group. orders: its share of the orders, a fraction; revenue: of what they are worth. Both sum to all orders that
are not cancelled, exactly: the row without a group_id, last, has what no visit is known for. claimed_conversions and claimed_revenue: what
platforms say of its campaigns (by their own actions and windows); claim_ratio: their conversions to orders. Money is null where a rate is
missing; missing_rates says which.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM073 days_archived when the claims of days among them have left for the archive.
Source: research 4.3 #5.
$$;
