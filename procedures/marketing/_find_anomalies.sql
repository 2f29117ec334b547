-- The day is compared with the same weekdays before it on which the campaign ran, so that weekends are no surprise and pauses no baseline.
-- A campaign that has no row where its account has some delivered nothing, and that is a figure, too: for two weeks after it last did. A
-- day that is just being read, or whose reading has failed half-way, is not judged.

create or replace function marketing._find_anomalies(p_workspace_id bigint, p_day date)
  returns setof marketing.insight_finding
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with rules as materialized (
    select r.* from marketing.insight_rules as r where r.kind = 'anomaly' and r.is_active
  ), watched as materialized (
    select
      r.code, w.campaign_id, w.marketing_account_id,
      w.day - case when p_day is null then r.settle_days else 0 end as day
    from marketing._watched_campaigns(p_workspace_id, p_day) as w
    cross join rules as r
  ), bounds as materialized (
    select
      (select min(w.day) from watched as w) - (select max(r.baseline_days) from rules as r) as since,
      (select max(w.day) from watched as w) as until
  ), reported as materialized (
    select w.marketing_account_id, w.day
    from (select distinct w.marketing_account_id, w.day from watched as w) as w
    where exists (
      select
      from marketing.campaigns as c
      join marketing.campaign_daily as d on d.campaign_id = c.id and d.date = w.day
      where c.marketing_account_id = w.marketing_account_id
    )
      and coalesce((
        select l.status = 'success'
        from marketing.data_sync_logs as l
        where l.marketing_account_id = w.marketing_account_id
          and l.stream = 'campaign_metrics'
          and w.day between l.window_from and l.window_to
        order by l.started_at desc
        limit 1
      ), true)
  ), days as materialized (
    select
      w.code, w.marketing_account_id, w.day, d.*, d.date = w.day as is_day,
      d.impressions > 0 or d.clicks > 0 or d.cost > 0 as has_run
    from watched as w
    join reported as a on a.marketing_account_id = w.marketing_account_id and a.day = w.day
    join marketing.campaign_daily as d on d.campaign_id = w.campaign_id
    where d.date >= (select b.since from bounds as b)
      and d.date <= (select b.until from bounds as b)
      and d.date <= w.day
      and (w.day - d.date) % 7 = 0
  ), series as (
    select
      r.code, r.metric, r.comparison, r.threshold, r.minimum, r.minimum_days, r.minimum_change, r.baseline_days,
      d.campaign_id, d.marketing_account_id, d.day,
      max(m.value) filter (where d.is_day) as value,
      array_agg(m.value order by d.date desc) filter (where not d.is_day and d.has_run and m.value is not null) as past,
      bool_or(d.has_run and not d.is_day and d.date >= d.day - 14) as ran_lately,
      coalesce(sum(d.impressions) filter (where d.is_day), 0) as impressions,
      coalesce(sum(d.clicks) filter (where d.is_day), 0) as clicks,
      coalesce(sum(d.cost) filter (where d.is_day), 0) as cost,
      coalesce(sum(d.conversions) filter (where d.is_day), 0) as conversions,
      coalesce(sum(d.revenue) filter (where d.is_day), 0) as revenue,
      avg(d.impressions) filter (where not d.is_day and d.has_run) as past_impressions,
      avg(d.clicks) filter (where not d.is_day and d.has_run) as past_clicks,
      avg(d.cost) filter (where not d.is_day and d.has_run) as past_cost,
      avg(d.conversions) filter (where not d.is_day and d.has_run) as past_conversions,
      avg(d.revenue) filter (where not d.is_day and d.has_run) as past_revenue
    from days as d
    join rules as r on r.code = d.code
    cross join lateral (
      select marketing._metric(
        r.metric, d.impressions, d.clicks, d.cost, d.conversions, d.revenue, d.likes, d.shares, d.comments, d.saves
      ) as value
    ) as m
    where d.date >= d.day - r.baseline_days
    group by
      r.code, r.metric, r.comparison, r.threshold, r.minimum, r.minimum_days, r.minimum_change, r.baseline_days,
      d.campaign_id, d.marketing_account_id, d.day
  ), judged as (
    select
      s.code, s.marketing_account_id, s.campaign_id, s.day, s.comparison, s.threshold, s.minimum_change,
      v.value, z.median, z.deviation, z.z,
      100 * (v.value - z.median) / nullif(abs(z.median), 0) as change, cardinality(s.past) as days
    from series as s
    cross join lateral (select case when marketing._is_ratio(s.metric) then s.value else coalesce(s.value, 0) end as value) as v
    cross join lateral marketing._robust_z(v.value, s.past) as z
    cross join lateral (
      select
        marketing._is_enough(s.minimum, s.impressions, s.clicks, s.cost, s.conversions, s.revenue) as is_enough,
        marketing._is_enough(
          s.minimum, s.past_impressions, s.past_clicks, s.past_cost, s.past_conversions, s.past_revenue
        ) as was_enough
    ) as e
    where cardinality(s.past) >= coalesce(s.minimum_days, 8)
      and s.ran_lately
      and case when marketing._is_ratio(s.metric) then e.is_enough and e.was_enough else e.is_enough or e.was_enough end
  )
  select
    j.code,
    j.marketing_account_id,
    j.campaign_id,
    j.day,
    case when j.value > j.median then 'up' else 'down' end,
    round(j.value, 6),
    round(j.median, 6),
    jsonb_build_object(
      'z', j.z, 'median', trim_scale(round(j.median, 6)), 'mad', trim_scale(round(j.deviation, 6)), 'change', round(j.change, 2),
      'days', j.days
    )
  from judged as j
  where j.value <> j.median
    and case
      when j.z is not null
        then marketing._compares(
          j.z, j.comparison, case when j.comparison in ('<', '<=') then -abs(j.threshold) else abs(j.threshold) end
        )
      else marketing._compares(sign(j.value - j.median), j.comparison, 0)
    end
    and coalesce(abs(j.change) >= j.minimum_change, true);
$$;

comment on function marketing._find_anomalies(bigint, date) is $$
What the rules of kind anomaly find: campaigns whose metric of the day is far from that of the same weekdays before (marketing._robust_z).
Where those are all alike whatever differs by minimum_change is found.
p_workspace_id: as marketing._watched_accounts.
p_day: likewise. An account whose last synchronisation of the day runs, or has failed, is passed over.
Returns: the findings.
$$;
