-- Each day after is set against a day before of the same weekday, as near as there is one: those of the first week against the week before,
-- and so on. A pair of which the account has no figures on one side is left out on both. The other campaigns of the account on the same
-- days say what would have become of it anyway; those on which something else was applied meanwhile say nothing.

create or replace function marketing.measure_outcomes(p_limit integer default 1000)
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
  set jit = off
as $$
  with due as materialized (
    select
      i.id, i.campaign_id, i.metric, i.outcome_days, c.marketing_account_id,
      (i.applied_at at time zone a.time_zone)::date as applied_on,
      (platform.now() at time zone a.time_zone)::date as today
    from marketing.insights as i
    join marketing.campaigns as c on c.id = i.campaign_id
    join marketing.marketing_accounts as a on a.id = c.marketing_account_id
    where i.outcome is null
      and i.outcome_due <= (platform.now() at time zone a.time_zone)::date
      and i.outcome_due > (platform.now() at time zone a.time_zone)::date - 60
      and i.outcome_checked_on is distinct from (platform.now() at time zone a.time_zone)::date
    order by i.id
    limit greatest(p_limit, 0)
    for no key update of i skip locked
  ), days as materialized (
    select d.*, d.applied_on + n.day as after, d.applied_on - 7 * ((n.day + 6) / 7) + n.day % 7 as before
    from due as d
    cross join lateral generate_series(1, d.outcome_days) as n (day)
  ), account_days as materialized (
    select distinct b.marketing_account_id, m.date
    from (
      select d.marketing_account_id, min(d.before) as since, max(d.after) as until from days as d group by d.marketing_account_id
    ) as b
    join marketing.campaigns as c on c.marketing_account_id = b.marketing_account_id
    join marketing.campaign_daily as m on m.campaign_id = c.id and m.date between b.since and b.until
  ), pairs as materialized (
    select d.*
    from days as d
    join account_days as b on b.marketing_account_id = d.marketing_account_id and b.date = d.before
    join account_days as a on a.marketing_account_id = d.marketing_account_id and a.date = d.after
  ), compared as materialized (
    select d.id, c.id as campaign_id, c.id = d.campaign_id as is_own
    from due as d
    join marketing.campaigns as c on c.marketing_account_id = d.marketing_account_id
    where c.id = d.campaign_id
      or not exists (
        select
        from marketing.insights as o
        join marketing.marketing_accounts as a on a.id = o.marketing_account_id
        where o.campaign_id = c.id
          and o.is_applied
          and (o.applied_at at time zone a.time_zone)::date
            between d.applied_on - 7 * ((d.outcome_days + 6) / 7) and d.applied_on + d.outcome_days
      )
  ), lengths as (
    select p.id, count(*) as days from pairs as p group by p.id
  ), sums as (
    select
      p.id, c.campaign_id, c.is_own,
      m.date > p.applied_on as is_after,
      sum(m.impressions) as impressions,
      sum(m.clicks) as clicks,
      sum(m.cost) as cost,
      sum(m.conversions) as conversions,
      sum(m.revenue) as revenue,
      sum(m.likes) as likes,
      sum(m.shares) as shares,
      sum(m.comments) as comments,
      sum(m.saves) as saves
    from pairs as p
    join compared as c on c.id = p.id
    join marketing.campaign_daily as m on m.campaign_id = c.campaign_id and m.date in (p.before, p.after)
    group by p.id, c.campaign_id, c.is_own, m.date > p.applied_on
  ), comparable as (
    -- a campaign that is there on one side only says nothing of the other
    select s.*, count(*) over (partition by s.id, s.campaign_id) as sides
    from sums as s
  ), figures as (
    select
      c.id, c.is_own, c.is_after, count(*) as campaigns,
      marketing._metric(
        d.metric, sum(c.impressions), sum(c.clicks), sum(c.cost), sum(c.conversions), sum(c.revenue), sum(c.likes), sum(c.shares),
        sum(c.comments), sum(c.saves)
      ) / case when marketing._is_ratio(d.metric) then 1 else l.days end as value
    from comparable as c
    join due as d on d.id = c.id
    join lengths as l on l.id = c.id
    where c.sides = 2
    group by c.id, c.is_own, c.is_after, d.metric, l.days
  ), measured as (
    select
      f.id,
      max(f.value) filter (where f.is_own and not f.is_after) as before,
      max(f.value) filter (where f.is_own and f.is_after) as after,
      max(f.value) filter (where not f.is_own and not f.is_after) as control_before,
      max(f.value) filter (where not f.is_own and f.is_after) as control_after,
      coalesce(max(f.campaigns) filter (where not f.is_own), 0) as control_campaigns
    from figures as f
    group by f.id
  ), outcomes as (
    select m.id, jsonb_build_object(
      'metric', d.metric,
      'before', trim_scale(round(m.before, 6)),
      'after', trim_scale(round(m.after, 6)),
      'change', round(x.change, 2),
      'control_before', trim_scale(round(m.control_before, 6)),
      'control_after', trim_scale(round(m.control_after, 6)),
      'control_change', round(x.control_change, 2),
      'effect', round(100 * ((100 + x.change) / nullif(greatest(100 + x.control_change, 0), 0) - 1), 2),
      'control_campaigns', m.control_campaigns,
      'days', l.days,
      'applied_on', d.applied_on,
      'measured_on', d.today
    ) as outcome
    from measured as m
    join due as d on d.id = m.id
    join lengths as l on l.id = m.id
    cross join lateral (
      select
        100 * (m.after - m.before) / nullif(abs(m.before), 0) as change,
        100 * (m.control_after - m.control_before) / nullif(abs(m.control_before), 0) as control_change
    ) as x
    where m.before is not null and m.after is not null
  ), checked as (
    update marketing.insights as i
    set outcome_checked_on = d.today, outcome = o.outcome
    from due as d
    left join outcomes as o on o.id = d.id
    where i.id = d.id
    returning i.id
  )
  select count(*) from checked
$$;

comment on function marketing.measure_outcomes(integer) is $$
Measure what became of the metric of insights that were applied outcome_days ago, against the same weekdays before. Days without figures of
the account are left out with their counterparts; the day of applying belongs to neither side. The control are the account's other
campaigns that ran before and after, and on which nothing was applied meanwhile. Where there are no figures nothing is written, and it
is tried again, once a day, for 60 days. The job marketing.measure_outcomes calls it every day until there are none left to look at.
insights.outcome is then {"metric", "before", "after": the ratio of the sums, or the sum of a day, "change": in percent,
"control_before", "control_after", "control_change": likewise of the control, null where there is none, "effect": in percent, what the
change is beyond the control's, "control_campaigns", "days": on either side, "applied_on", "measured_on"}.
p_limit: how many to look at in this call.
Returns: how many were looked at.
Locks: these insights; those in use are passed over.
$$;
