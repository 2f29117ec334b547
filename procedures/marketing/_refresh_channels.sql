-- The workspaces' locks come first: of two loads at once the later computes from what the earlier has committed, and a workspace that
-- changes its currency or its accounts meanwhile is waited for. Money is converted per campaign and day, to six decimals, so that the
-- sums of every level are the sums of the level below, to the last digit.

create or replace function marketing._refresh_channels(p_workspace_ids bigint[], p_from date, p_to date)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set work_mem = '64MB'
as $$
declare
  v_from     date := p_from;
  v_to       date := p_to;
  v_archived datemultirange;
begin
  perform from marketing.workspaces as w
  where w.id = any (p_workspace_ids)
  order by w.id
  for no key update;

  if p_from is null or p_to is null then
    select coalesce(p_from, min(d.date)), coalesce(p_to, max(d.date)) into v_from, v_to
    from marketing.campaign_daily as d;
  end if;
  -- Days that have left for the archive keep what was computed of them.
  v_archived := marketing._archived_months('campaign_daily');

  with members as materialized (
    select
      w.id as workspace_id, c.id as campaign_id, c.channel_id, a.currency, w.report_currency, w.rate_max_age,
      a.currency <> w.report_currency as is_foreign,
      dense_rank() over (order by w.id, c.channel_id, a.currency) as place,
      dense_rank() over (order by w.report_currency, w.rate_max_age, a.currency) as pair
    from marketing.workspaces as w
    join marketing.account_connections as n on n.workspace_id = w.id and n.disconnected_at is null
    join marketing.marketing_accounts as a on a.id = n.marketing_account_id
    join marketing.campaigns as c on c.marketing_account_id = a.id
    where w.id = any (p_workspace_ids) and c.channel_id is not null
  ), rates as materialized (
    select p.pair, r.date, r.rate
    from (select distinct m.pair, m.currency, m.report_currency, m.rate_max_age from members as m where m.is_foreign) as p
    cross join lateral marketing._rates(array[p.currency], p.report_currency, v_from, v_to, p.rate_max_age) as r
  ), currencies as (
    select
      m.place, d.date,
      bool_or(m.is_foreign and r.rate is null and (d.cost <> 0 or d.revenue <> 0)) as is_missing,
      sum(case when not m.is_foreign then d.cost when d.cost = 0 then 0 else round(d.cost * r.rate, 6) end) as spend,
      sum(d.impressions)::bigint as impressions,
      sum(d.clicks)::bigint as clicks,
      sum(d.conversions) as conversions,
      sum(case when not m.is_foreign then d.revenue when d.revenue = 0 then 0 else round(d.revenue * r.rate, 6) end) as revenue
    from members as m
    join marketing.campaign_daily as d on d.campaign_id = m.campaign_id and d.date between v_from and v_to
    left join rates as r on m.is_foreign and r.pair = m.pair and r.date = d.date
    group by m.place, d.date
  ), sums as (
    select
      p.workspace_id, p.channel_id, c.date, p.report_currency,
      sum(c.spend) as spend,
      sum(c.impressions)::bigint as impressions,
      sum(c.clicks)::bigint as clicks,
      sum(c.conversions) as conversions,
      sum(c.revenue) as revenue,
      coalesce(array_agg(p.currency || '/' || p.report_currency order by p.currency) filter (where c.is_missing), '{}') as missing
    from currencies as c
    join (select distinct m.place, m.workspace_id, m.channel_id, m.currency, m.report_currency from members as m) as p on p.place = c.place
    group by p.workspace_id, p.channel_id, c.date, p.report_currency
  ), known as (
    select
      s.workspace_id, s.channel_id, s.date, s.report_currency, s.impressions, s.clicks, s.conversions, s.missing,
      case when s.missing = '{}' then s.spend end as spend,
      case when s.missing = '{}' then s.revenue end as revenue
    from sums as s
  ), figures as materialized (
    select k.*, marketing.kpis(k.impressions, k.clicks, k.spend, k.conversions, k.revenue) as kpis
    from known as k
  ), gone as (
    delete from marketing.channel_performance as t
    where t.workspace_id = any (p_workspace_ids)
      and t.date between coalesce(p_from, '-infinity') and coalesce(p_to, 'infinity')
      and not t.date <@ v_archived
      and not exists (
        select
        from figures as f
        where f.workspace_id = t.workspace_id and f.channel_id = t.channel_id and f.date = t.date
      )
  )
  insert into marketing.channel_performance as t (
    workspace_id, channel_id, date, currency, total_spend, total_impressions, total_clicks, total_conversions, total_revenue,
    avg_cpc, avg_ctr, avg_roas, missing_rates, created_at, updated_at
  )
  select
    f.workspace_id, f.channel_id, f.date, f.report_currency, f.spend, f.impressions, f.clicks, f.conversions, f.revenue,
    (f.kpis).cpc, (f.kpis).ctr, (f.kpis).roas, f.missing, platform.now(), platform.now()
  from figures as f
  left join marketing.channel_performance as o
    on o.workspace_id = f.workspace_id and o.channel_id = f.channel_id and o.date = f.date
  where o.date is null
    or (o.currency, o.total_spend, o.total_impressions, o.total_clicks, o.total_conversions, o.total_revenue, o.missing_rates)
      is distinct from (f.report_currency, f.spend, f.impressions, f.clicks, f.conversions, f.revenue, f.missing)
  on conflict (workspace_id, date, channel_id) do update
  set currency = excluded.currency,
    total_spend = excluded.total_spend,
    total_impressions = excluded.total_impressions,
    total_clicks = excluded.total_clicks,
    total_conversions = excluded.total_conversions,
    total_revenue = excluded.total_revenue,
    avg_cpc = excluded.avg_cpc,
    avg_ctr = excluded.avg_ctr,
    avg_roas = excluded.avg_roas,
    missing_rates = excluded.missing_rates,
    updated_at = excluded.updated_at;
end;
$$;

comment on function marketing._refresh_channels(bigint[], date, date) is $$
Compute channel_performance of some workspaces and days from the days of their campaigns, by the channels, connections, report currency
and rates of now. Whatever changes one of these calls it: loads, connecting and disconnecting, another channel, another currency, rates.
Rows that would stay the same are not written.
p_workspace_ids: the workspaces.
p_from, p_to: first and last day; null: from the first, to the last. Days that are archived stay as they are.
Returns: nothing.
Locks: the workspaces' rows, ascending, for no key update; their channel_performance.
Source: specification 003, channel_performance.
$$;
