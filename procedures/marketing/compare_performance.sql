create or replace function marketing.compare_performance(
  p_workspace_id bigint, p_from date, p_to date, p_compare_from date, p_compare_to date, p_by text default 'channel',
  p_currency text default null, p_channel_ids bigint[] default null
)
  returns table (
    group_id bigint, group_name text, currency text, metric text, value numeric, compare_value numeric, change numeric,
    change_percent numeric
  )
  language sql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
  select
    coalesce(p.group_id, c.group_id), coalesce(p.group_name, c.group_name), coalesce(p.currency, c.currency), m.metric, m.value,
    m.compare_value, m.value - m.compare_value, round(100 * (m.value - m.compare_value) / nullif(abs(m.compare_value), 0), 6)
  from marketing.performance(p_workspace_id, p_from, p_to, 'total', p_by, p_currency, p_channel_ids) as p
  full join marketing.performance(p_workspace_id, p_compare_from, p_compare_to, 'total', p_by, p_currency, p_channel_ids) as c
    on coalesce(c.group_id, 0) = coalesce(p.group_id, 0) and coalesce(c.group_name, '') = coalesce(p.group_name, '')
  cross join lateral (
    values
      (1, 'impressions', coalesce(p.impressions, 0)::numeric, coalesce(c.impressions, 0)::numeric),
      (2, 'clicks', coalesce(p.clicks, 0), coalesce(c.clicks, 0)),
      (3, 'cost', case when p.currency is null then 0 else p.cost end, case when c.currency is null then 0 else c.cost end),
      (4, 'conversions', coalesce(p.conversions, 0), coalesce(c.conversions, 0)),
      (5, 'revenue', case when p.currency is null then 0 else p.revenue end, case when c.currency is null then 0 else c.revenue end),
      (6, 'ctr', p.ctr, c.ctr),
      (7, 'cpc', p.cpc, c.cpc),
      (8, 'cpm', p.cpm, c.cpm),
      (9, 'conversion_rate', p.conversion_rate, c.conversion_rate),
      (10, 'cpa', p.cpa, c.cpa),
      (11, 'roas', p.roas, c.roas),
      (12, 'roi', p.roi, c.roi)
  ) as m (place, metric, value, compare_value)
  order by coalesce(p.group_id, c.group_id), coalesce(p.group_name, c.group_name), m.place
$$;

comment on function marketing.compare_performance(bigint, date, date, date, date, text, text, bigint[]) is $$
Two periods side by side, as marketing.performance tells each of them.
p_workspace_id: the workspace.
p_from, p_to: first and last day of the one period.
p_compare_from, p_compare_to: of the other.
p_by: campaign, channel, platform, account or workspace.
p_currency: currency of the money; null: the workspace's report currency.
p_channel_ids: only these; null: all.
Returns: one row per group and metric (impressions, clicks, cost, conversions, revenue, ctr, cpc, cpm, conversion_rate, cpa, roas, roi):
value and compare_value, change, and change_percent, null when compared with 0. A sum of a group without figures is 0, a ratio null; money
is null where a rate is missing.
Errors: those of marketing.performance.
$$;
