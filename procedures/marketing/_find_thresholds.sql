-- One statement over all campaigns and rules: how many there are decides how long it takes, not how often it is called. The bounds as
-- subqueries of their own let the server leave out partitions.

create or replace function marketing._find_thresholds(p_workspace_id bigint, p_day date)
  returns setof marketing.insight_finding
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with rules as materialized (
    select r.* from marketing.insight_rules as r where r.kind = 'threshold' and r.is_active
  ), campaigns as materialized (
    select
      r.code, w.campaign_id, w.marketing_account_id,
      w.day - case when p_day is null then r.settle_days else 0 end as day
    from marketing._watched_campaigns(p_workspace_id, p_day) as w
    cross join rules as r
  ), sums as (
    select
      r.code, r.metric, r.comparison, r.threshold, r.minimum, r.minimum_days, r.window_days,
      c.campaign_id, c.marketing_account_id, c.day,
      count(*) as days,
      sum(d.impressions) as impressions,
      sum(d.clicks) as clicks,
      sum(d.cost) as cost,
      sum(d.conversions) as conversions,
      sum(d.revenue) as revenue,
      sum(d.likes) as likes,
      sum(d.shares) as shares,
      sum(d.comments) as comments,
      sum(d.saves) as saves
    from campaigns as c
    join rules as r on r.code = c.code
    join marketing.campaign_daily as d
      on d.campaign_id = c.campaign_id and d.date > c.day - r.window_days and d.date <= c.day
    where d.date > (select min(b.day) from campaigns as b) - (select max(b.window_days) from rules as b)
      and d.date <= (select max(b.day) from campaigns as b)
    group by
      r.code, r.metric, r.comparison, r.threshold, r.minimum, r.minimum_days, r.window_days,
      c.campaign_id, c.marketing_account_id, c.day
  )
  select
    s.code,
    s.marketing_account_id,
    s.campaign_id,
    s.day,
    null,
    round(m.value, 6),
    s.threshold,
    jsonb_build_object(
      'window_days', s.window_days, 'days', s.days, 'impressions', s.impressions, 'clicks', s.clicks, 'cost', trim_scale(s.cost),
      'conversions', trim_scale(s.conversions), 'revenue', trim_scale(s.revenue)
    )
  from sums as s
  cross join lateral (
    select marketing._metric(
      s.metric, s.impressions, s.clicks, s.cost, s.conversions, s.revenue, s.likes, s.shares, s.comments, s.saves
    ) as value
  ) as m
  where s.days >= coalesce(s.minimum_days, 1)
    and marketing._is_enough(s.minimum, s.impressions, s.clicks, s.cost, s.conversions, s.revenue)
    and marketing._compares(m.value, s.comparison, s.threshold);
$$;

comment on function marketing._find_thresholds(bigint, date) is $$
What the rules of kind threshold find: campaigns whose metric over the window is beyond the threshold.
p_workspace_id: as marketing._watched_accounts.
p_day: likewise.
Returns: the findings.
$$;
