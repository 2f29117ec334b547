-- How many conversions there should have been since the last one follows from the clicks since then and the conversion rate before. If 5
-- were to be expected, none at all is chance in 7 of 1,000 cases (Poisson). A tag is broken for all campaigns of an account or for the
-- pages of one: the account is told as a whole, and then not its campaigns.

create or replace function marketing._find_broken_tracking(p_workspace_id bigint, p_day date)
  returns setof marketing.insight_finding
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with rules as materialized (
    select r.* from marketing.insight_rules as r where r.kind = 'tracking' and r.is_active
  ), campaigns as materialized (
    select * from marketing._watched_campaigns(p_workspace_id, p_day)
  ), days as (
    select c.marketing_account_id, c.day, c.campaign_id, d.date, sum(d.clicks) as clicks, sum(d.conversions) as conversions
    from campaigns as c
    join marketing.campaign_daily as d on d.campaign_id = c.campaign_id and d.date <= c.day
    where d.date > (select min(b.day) from campaigns as b) - (select max(r.settle_days + r.window_days + r.baseline_days) from rules as r)
      and d.date <= (select max(b.day) from campaigns as b)
    group by grouping sets ((c.marketing_account_id, c.day, c.campaign_id, d.date), (c.marketing_account_id, c.day, d.date))
  ), marked as (
    select
      r.code, r.comparison, r.threshold, r.minimum, r.minimum_days, r.window_days,
      d.marketing_account_id, d.campaign_id, d.date, d.clicks, d.conversions, s.day,
      coalesce(
        max(d.date) filter (where d.conversions > 0 and d.date > s.day - r.window_days)
          over (partition by r.code, d.marketing_account_id, d.campaign_id),
        s.day - r.window_days
      ) + 1 as since
    from days as d
    cross join rules as r
    cross join lateral (select d.day - case when p_day is null then r.settle_days else 0 end as day) as s
    where d.date > s.day - r.window_days - r.baseline_days and d.date <= s.day
  ), sums as (
    select
      m.code, m.comparison, m.threshold, m.minimum, m.minimum_days, m.window_days, m.marketing_account_id, m.campaign_id, m.day, m.since,
      count(*) filter (where m.date >= m.since) as days,
      sum(m.clicks) filter (where m.date >= m.since) as clicks,
      count(*) filter (where m.date <= m.day - m.window_days) as past_days,
      sum(m.clicks) filter (where m.date <= m.day - m.window_days) as past_clicks,
      sum(m.conversions) filter (where m.date <= m.day - m.window_days) as past_conversions
    from marked as m
    group by
      m.code, m.comparison, m.threshold, m.minimum, m.minimum_days, m.window_days, m.marketing_account_id, m.campaign_id, m.day, m.since
  ), judged as (
    select
      s.*,
      round(s.clicks * s.past_conversions / nullif(s.past_clicks, 0), 2) as expected,
      count(s.campaign_id) filter (where s.past_conversions > 0) over (partition by s.code, s.marketing_account_id) as campaigns
    from sums as s
  ), found as (
    select j.*, bool_or(j.campaign_id is null) over (partition by j.code, j.marketing_account_id) as is_whole
    from judged as j
    where j.past_days >= coalesce(j.minimum_days, 1)
      and 2 * j.clicks * j.past_days >= j.past_clicks * j.days
      and marketing._compares(j.expected, j.comparison, j.threshold)
      and marketing._is_enough(j.minimum, null, j.clicks, null, null, null)
      and (j.campaign_id is not null or j.campaigns > 1)
  )
  select
    f.code,
    f.marketing_account_id,
    f.campaign_id,
    f.day,
    null,
    0::numeric,
    f.expected,
    jsonb_build_object(
      'since', f.since, 'clicks', f.clicks, 'past_days', f.past_days, 'past_clicks', f.past_clicks,
      'past_conversions', trim_scale(f.past_conversions)
    )
  from found as f
  where f.campaign_id is null or not f.is_whole;
$$;

comment on function marketing._find_broken_tracking(bigint, date) is $$
What the rules of kind tracking find: campaigns, or accounts with several that had conversions, that have had none since a day of the
window while clicks go on, at half or more of what they were.
p_workspace_id: as marketing._watched_accounts.
p_day: likewise.
Returns: the findings; the day since when is in the evidence.
$$;
