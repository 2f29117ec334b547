-- Counts, and money of accounts in the currency that is asked for, come from weeks and months as far as these lie whole in the range; the
-- days at its ends are added, and money of other currencies is converted day by day. What is not known whole is null and says what is
-- missing, never a part of the sum; days that are needed and are only in the archive are refused. One plan does for all questions: the
-- campaigns are looked up by their keys, and the branches that a grain does not need are not run.

create or replace function marketing.performance(
  p_workspace_id bigint, p_from date, p_to date, p_grain text default 'total', p_by text default 'channel', p_currency text default null,
  p_channel_ids bigint[] default null, p_campaign_ids bigint[] default null
)
  returns table (
    period_from date, period_to date, group_id bigint, group_name text, currency text, time_zones text[],
    impressions bigint, clicks bigint, cost numeric, conversions numeric, revenue numeric,
    likes bigint, shares bigint, comments bigint, saves bigint,
    ctr numeric, cpc numeric, cpm numeric, conversion_rate numeric, cpa numeric, roas numeric, roi numeric,
    missing_rates text[]
  )
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
  set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
declare
  v_currency text;
  v_max_age  integer;
  v_foreign  text[];
  v_archived datemultirange;
  v_plan     record;
begin
  perform marketing._require_role(p_workspace_id, 'viewer');
  perform marketing._check_dates(p_from, p_to);
  perform marketing._check_choice('p_grain', p_grain, '{day,week,month,total}');
  perform marketing._check_choice('p_by', p_by, '{campaign,channel,platform,account,workspace}');
  select coalesce(p_currency, w.report_currency), w.rate_max_age into v_currency, v_max_age
  from marketing.workspaces as w
  where w.id = p_workspace_id;
  perform marketing._check_currency('p_currency', v_currency);

  select p.* into v_plan from marketing._plan_range(p_from, p_to, p_grain) as p;
  v_archived := marketing._archived_months('campaign_daily');
  perform marketing._refuse_archived(v_archived * datemultirange(
    daterange(p_from, v_plan.head_to + 1), daterange(v_plan.tail_from, p_to + 1)
  ));
  select array_agg(distinct a.currency) into v_foreign
  from marketing.account_connections as n
  join marketing.marketing_accounts as a on a.id = n.marketing_account_id
  where n.workspace_id = p_workspace_id and n.disconnected_at is null and a.currency <> v_currency;

  return query
  with members as materialized (
    select
      c.id, a.currency, a.currency <> v_currency as is_foreign, a.time_zone::text as time_zone, g.id as group_id, g.name as group_name,
      dense_rank() over (order by g.id, g.name, a.currency, a.time_zone::text) as place
    from marketing.workspaces as w
    join marketing.account_connections as n on n.workspace_id = w.id and n.disconnected_at is null
    join marketing.marketing_accounts as a on a.id = n.marketing_account_id
    join marketing.campaigns as c on c.marketing_account_id = a.id
    left join marketing.channels as h on h.id = c.channel_id
    cross join lateral (
      select
        case p_by when 'campaign' then c.id when 'channel' then h.id when 'account' then a.id when 'workspace' then w.id end as id,
        case p_by
          when 'campaign' then c.campaign_name
          when 'channel' then h.name
          when 'platform' then a.platform
          when 'account' then coalesce(a.account_name, a.account_id)
          else w.name
        end::text as name
    ) as g
    where w.id = p_workspace_id
      and (p_channel_ids is null or c.channel_id = any (p_channel_ids))
      and (p_campaign_ids is null or c.id = any (p_campaign_ids))
  ), rates as materialized (
    select r.currency, r.date, r.rate
    from marketing._rates(v_foreign, v_currency, p_from, p_to, v_max_age) as r
  ), parts as (
    select
      m.place, t.month as first_date, (t.month + interval '1 month')::date - 1 as last_date,
      t.impressions, t.clicks, case when m.is_foreign then 0 else t.cost end as cost, t.conversions,
      case when m.is_foreign then 0 else t.revenue end as revenue, t.likes, t.shares, t.comments, t.saves,
      case
        when m.is_foreign and (t.cost <> 0 or t.revenue <> 0) and v_archived && daterange(t.month, (t.month + interval '1 month')::date) then 2
        else 0
      end as missing
    from members as m
    join marketing.campaign_monthly as t on t.campaign_id = m.id
    where p_grain in ('month', 'total') and t.month between v_plan.first_whole and v_plan.last_whole
    union all
    select
      m.place, t.week, t.week + 7 - 1,
      t.impressions, t.clicks, case when m.is_foreign then 0 else t.cost end, t.conversions,
      case when m.is_foreign then 0 else t.revenue end, t.likes, t.shares, t.comments, t.saves,
      case
        when m.is_foreign and (t.cost <> 0 or t.revenue <> 0) and v_archived && daterange(t.week, t.week + 7) then 2
        else 0
      end
    from members as m
    join marketing.campaign_weekly as t on t.campaign_id = m.id
    where p_grain = 'week' and t.week between v_plan.first_whole and v_plan.last_whole
    union all
    select
      m.place, t.date, t.date,
      t.impressions, t.clicks,
      case when not m.is_foreign then t.cost when t.cost = 0 then 0 else round(t.cost * r.rate, 6) end, t.conversions,
      case when not m.is_foreign then t.revenue when t.revenue = 0 then 0 else round(t.revenue * r.rate, 6) end,
      t.likes, t.shares, t.comments, t.saves,
      case when m.is_foreign and r.rate is null and (t.cost <> 0 or t.revenue <> 0) then 1 else 0 end
    from members as m
    join marketing.campaign_daily as t on t.campaign_id = m.id
    left join rates as r on m.is_foreign and r.currency = m.currency and r.date = t.date
    where t.date between p_from and v_plan.head_to or t.date between v_plan.tail_from and p_to
    union all
    select
      m.place, t.date, t.date,
      0, 0, case when t.cost = 0 then 0 else round(t.cost * r.rate, 6) end, 0,
      case when t.revenue = 0 then 0 else round(t.revenue * r.rate, 6) end,
      0, 0, 0, 0,
      case when r.rate is null and (t.cost <> 0 or t.revenue <> 0) then 1 else 0 end
    from members as m
    join marketing.campaign_daily as t on t.campaign_id = m.id
    left join rates as r on r.currency = m.currency and r.date = t.date
    where v_foreign is not null and m.is_foreign and t.date between v_plan.first_whole and v_plan.whole_to
  ), sums as (
    select
      p.place, p.missing, min(p.first_date) as first_date, max(p.last_date) as last_date,
      case p_grain
        when 'day' then p.first_date
        when 'week' then p.first_date - (p.first_date - date '0001-01-01') % 7
        when 'month' then date_trunc('month', p.first_date::timestamp)::date
        else p_from
      end as period,
      sum(p.impressions)::bigint as impressions,
      sum(p.clicks)::bigint as clicks,
      sum(p.cost) as cost,
      sum(p.conversions) as conversions,
      sum(p.revenue) as revenue,
      sum(p.likes)::bigint as likes,
      sum(p.shares)::bigint as shares,
      sum(p.comments)::bigint as comments,
      sum(p.saves)::bigint as saves
    from parts as p
    group by p.place, p.missing, period
  ), totals as (
    select
      g.group_id, g.group_name, s.period, array_agg(distinct g.time_zone) as time_zones,
      coalesce(
        array_agg(distinct format(
          '%s/%s %s%s..%s', g.currency, v_currency, case s.missing when 2 then 'archived ' end, s.first_date, s.last_date
        )) filter (where s.missing > 0),
        '{}'
      ) as missing,
      sum(s.impressions)::bigint as impressions,
      sum(s.clicks)::bigint as clicks,
      sum(s.cost) as cost,
      sum(s.conversions) as conversions,
      sum(s.revenue) as revenue,
      sum(s.likes)::bigint as likes,
      sum(s.shares)::bigint as shares,
      sum(s.comments)::bigint as comments,
      sum(s.saves)::bigint as saves
    from sums as s
    join (select distinct m.place, m.group_id, m.group_name, m.currency, m.time_zone from members as m) as g on g.place = s.place
    group by g.group_id, g.group_name, s.period
  ), known as (
    select
      t.group_id, t.group_name, t.period, t.time_zones, t.missing, t.impressions, t.clicks, t.conversions, t.likes, t.shares, t.comments,
      t.saves,
      case when t.missing = '{}' then t.cost end as cost,
      case when t.missing = '{}' then t.revenue end as revenue
    from totals as t
  ), figures as (
    select k.*, marketing.kpis(k.impressions, k.clicks, k.cost, k.conversions, k.revenue) as kpis
    from known as k
  )
  select
    greatest(f.period, p_from),
    least(
      case p_grain
        when 'day' then f.period
        when 'week' then f.period + 6
        when 'month' then (f.period + interval '1 month')::date - 1
        else p_to
      end,
      p_to
    ),
    f.group_id, f.group_name, v_currency, f.time_zones,
    f.impressions, f.clicks, f.cost, f.conversions, f.revenue, f.likes, f.shares, f.comments, f.saves,
    (f.kpis).ctr, (f.kpis).cpc, (f.kpis).cpm, (f.kpis).conversion_rate, (f.kpis).cpa, (f.kpis).roas, (f.kpis).roi,
    f.missing
  from figures as f
  order by f.period, f.group_id, f.group_name;
end;
$$;

comment on function marketing.performance(bigint, date, date, text, text, text, bigint[], bigint[]) is $$
What a workspace's campaigns delivered, in one currency: sums, and the ratios of these sums. Over the accounts that are connected now
and by the channels that campaigns have now. Metrics that cannot be added up (reach, frequency) are not here.
p_workspace_id: the workspace.
p_from, p_to: first and last day, up to 3660 days. A day is that of each account's own time zone: time_zones says which were added.
p_grain: day, week (from Monday), month, or total. Weeks and months that the range cuts are those of their days in it.
p_by: campaign, channel, platform, account or workspace.
p_currency: currency of the money; null: the workspace's report currency. Every campaign's day is converted by the rate of the day, to
six decimals; all levels are sums of these, so they agree to the last digit. To show an amount, round it to the currency's own decimals.
p_channel_ids, p_campaign_ids: only these; null: all.
Returns: one row per period and group that has figures, by period: period_from and period_to, cut to the range; group_id, null for
platforms and for campaigns without a channel; group_name, null for the latter; time_zones; sums; ctr, conversion_rate and roi in
percent, cpc, cpm, cpa, roas, null on a zero denominator; missing_rates, e.g. USD/KRW 2026-03-01..2026-03-04, or USD/KRW archived …
where the days to convert have left for the archive. While missing_rates is not empty cost, revenue and what is computed from them are
null.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM073 days_archived when the range cuts, or the grain needs, days that have left for the archive.
$$;
