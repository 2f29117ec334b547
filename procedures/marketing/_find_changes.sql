-- A sum is taken by the day, as the baseline is longer than the window; days on which the account has no figures at all do not count,
-- because they are missing, while those that only the campaign lacks are zero.

create or replace function marketing._find_changes(p_workspace_id bigint, p_day date)
  returns setof marketing.insight_finding
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with rules as materialized (
    select r.* from marketing.insight_rules as r where r.kind = 'change' and r.is_active
  ), campaigns as materialized (
    select
      r.code, w.campaign_id, w.marketing_account_id,
      w.day - case when p_day is null then r.settle_days else 0 end as day
    from marketing._watched_campaigns(p_workspace_id, p_day) as w
    cross join rules as r
  ), accounts as materialized (
    select distinct c.code, c.marketing_account_id, c.day from campaigns as c
  ), bounds as materialized (
    select
      (select min(a.day) from accounts as a) - (select max(r.window_days + r.baseline_days) from rules as r) as after,
      (select max(a.day) from accounts as a) as until
  ), account_days as materialized (
    select distinct a.marketing_account_id, d.date
    from (select distinct a.marketing_account_id from accounts as a) as a
    join marketing.campaigns as c on c.marketing_account_id = a.marketing_account_id
    join marketing.campaign_daily as d on d.campaign_id = c.id
    where d.date > (select b.after from bounds as b) and d.date <= (select b.until from bounds as b)
  ), lengths as (
    select
      r.code,
      a.marketing_account_id,
      count(*) filter (where d.date > a.day - r.window_days) as window_days,
      count(*) filter (where d.date <= a.day - r.window_days) as baseline_days
    from accounts as a
    join rules as r on r.code = a.code
    join account_days as d
      on d.marketing_account_id = a.marketing_account_id and d.date > a.day - r.window_days - r.baseline_days and d.date <= a.day
    group by r.code, a.marketing_account_id
  ), sums as (
    select
      r.code, c.campaign_id, c.marketing_account_id, c.day, w.is_window,
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
      on d.campaign_id = c.campaign_id and d.date > c.day - r.window_days - r.baseline_days and d.date <= c.day
    cross join lateral (select d.date > c.day - r.window_days as is_window) as w
    where d.date > (select b.after from bounds as b) and d.date <= (select b.until from bounds as b)
    group by r.code, c.campaign_id, c.marketing_account_id, c.day, w.is_window
  ), compared as (
    select
      r.*, p.campaign_id, p.marketing_account_id, p.day, l.window_days as days, l.baseline_days as past_days,
      case
        when marketing._is_ratio(r.metric)
          then marketing._metric(
            r.metric, n.impressions, n.clicks, n.cost, n.conversions, n.revenue, n.likes, n.shares, n.comments, n.saves
          )
        else coalesce(
          marketing._metric(
            r.metric, n.impressions, n.clicks, n.cost, n.conversions, n.revenue, n.likes, n.shares, n.comments, n.saves
          ), 0
        ) / l.window_days
      end as value,
      marketing._metric(
        r.metric, p.impressions, p.clicks, p.cost, p.conversions, p.revenue, p.likes, p.shares, p.comments, p.saves
      ) / case when marketing._is_ratio(r.metric) then 1 else l.baseline_days end as expected,
      marketing._is_enough(r.minimum, n.impressions, n.clicks, n.cost, n.conversions, n.revenue) as is_enough,
      marketing._is_enough(
        r.minimum, p.impressions * f.part, p.clicks * f.part, p.cost * f.part, p.conversions * f.part, p.revenue * f.part
      ) as was_enough
    from sums as p
    join rules as r on r.code = p.code
    join lengths as l on l.code = p.code and l.marketing_account_id = p.marketing_account_id and l.window_days > 0
    cross join lateral (select l.window_days::numeric / l.baseline_days as part) as f
    left join sums as n on n.code = p.code and n.campaign_id = p.campaign_id and n.is_window
    where not p.is_window and p.days >= coalesce(r.minimum_days, 1)
  )
  select
    c.code,
    c.marketing_account_id,
    c.campaign_id,
    c.day,
    case when c.comparison = '<>' then case when c.value > c.expected then 'up' else 'down' end end,
    round(c.value, 6),
    round(c.expected, 6),
    jsonb_build_object(
      'window_days', c.window_days, 'baseline_days', c.baseline_days, 'days', c.days, 'past_days', c.past_days,
      'change', round(x.change, 2)
    )
  from compared as c
  cross join lateral (select 100 * (c.value - c.expected) / nullif(abs(c.expected), 0) as change) as x
  where marketing._compares(x.change, c.comparison, c.threshold)
    and abs(x.change) >= c.minimum_change
    and case when marketing._is_ratio(c.metric) then c.is_enough and c.was_enough else c.is_enough or c.was_enough end;
$$;

comment on function marketing._find_changes(bigint, date) is $$
What the rules of kind change find: campaigns whose metric over the window differs from that of the baseline before it.
p_workspace_id: as marketing._watched_accounts.
p_day: likewise.
Returns: the findings.
$$;
