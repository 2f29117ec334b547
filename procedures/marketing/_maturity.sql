-- Every state that a fact was in covers a span of ages: the midnights, in the account's zone, at which it was what was known. A day of a
-- campaign counts at an age only if something of it was known by then, in the numerator and in the denominator alike; or days that were
-- first loaded late would look as if they had grown.

create or replace function marketing._maturity(p_account_id bigint, p_metric text, p_days integer)
  returns table (age integer, campaign_days bigint, known numeric, final numeric, share numeric)
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with account as (
    select a.id, a.time_zone, (platform.now() at time zone a.time_zone)::date - p_days - 1 as last_day
    from marketing.marketing_accounts as a
    where a.id = p_account_id
  ), states as (
    select
      m.campaign_id, m.date, m.hour is null as is_daily, a.time_zone, m.is_retracted, m.updated_at as since,
      null::timestamptz as until,
      marketing._measure(p_metric, m.impressions, m.clicks, m.cost, m.conversions, m.revenue) as value
    from account as a
    join marketing.campaigns as c on c.marketing_account_id = a.id
    join marketing.campaign_metrics as m on m.campaign_id = c.id and m.date between a.last_day - 89 and a.last_day
    union all
    select
      v.campaign_id, v.date, v.hour is null, a.time_zone, v.is_retracted, lower(v.recorded), upper(v.recorded),
      marketing._measure(p_metric, v.impressions, v.clicks, v.cost, v.conversions, v.revenue)
    from account as a
    join marketing.campaigns as c on c.marketing_account_id = a.id
    join marketing.campaign_metric_versions as v on v.campaign_id = c.id and v.date between a.last_day - 89 and a.last_day
  ), spans as (
    select
      s.campaign_id, s.date, s.is_daily, s.is_retracted, s.value,
      greatest(0, marketing._age_after(s.date, s.since, s.time_zone)) as first_age,
      least(p_days, coalesce(marketing._age_after(s.date, s.until, s.time_zone) - 1, p_days)) as last_age
    from states as s
  ), days as (
    select
      s.campaign_id, s.date, a.age,
      coalesce(
        sum(s.value) filter (where s.is_daily and not s.is_retracted), sum(s.value) filter (where not s.is_daily), sum(s.value)
      ) as known
    from spans as s
    cross join lateral generate_series(s.first_age, s.last_age) as a (age)
    group by s.campaign_id, s.date, a.age
  )
  select
    d.age, count(*), sum(d.known), sum(f.final), round(sum(d.known) / nullif(sum(f.final), 0), 6)
  from days as d
  join lateral (
    select marketing._measure(p_metric, t.impressions, t.clicks, t.cost, t.conversions, t.revenue) as final
    from marketing.campaign_daily as t
    where t.campaign_id = d.campaign_id and t.date = d.date
  ) as f on true
  group by d.age
  order by d.age
$$;

comment on function marketing._maturity(bigint, text, integer) is $$
How much of what a day came to in the end was known after so many days, over 90 days of an account that are old enough.
p_account_id: the account.
p_metric: impressions, clicks, cost, conversions or revenue.
p_days: age from which a day is taken as final.
Returns: one row per age from 0 (the end of the day, in the account's zone) to p_days: how many days of campaigns were compared, the sum
known then, the sum now, and their quotient; null where the sum now is 0. Ages at which nothing was known have no row.
$$;
