-- A day should have figures when campaigns that still run had them on at least half of the same weekdays before: who never advertises on
-- Sundays misses nothing on Sundays.

create or replace function marketing._find_gaps(p_workspace_id bigint, p_day date)
  returns setof marketing.insight_finding
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  with rules as materialized (
    select r.* from marketing.insight_rules as r where r.kind = 'gap' and r.is_active
  ), accounts as materialized (
    select * from marketing._watched_accounts(p_workspace_id, p_day)
  ), running as materialized (
    select w.campaign_id from marketing._watched_campaigns(p_workspace_id, p_day) as w
  ), bounds as materialized (
    select
      (select min(a.day) from accounts as a) - (select max(r.window_days + r.baseline_days) from rules as r) as after,
      (select max(a.day) from accounts as a) as until
  ), days as materialized (
    select a.marketing_account_id, d.date, bool_or(r.campaign_id is not null) as is_running
    from accounts as a
    join marketing.campaigns as c on c.marketing_account_id = a.marketing_account_id
    join marketing.campaign_daily as d on d.campaign_id = c.id
    left join running as r on r.campaign_id = c.id
    where d.date > (select b.after from bounds as b) and d.date <= (select b.until from bounds as b) and d.date <= a.day
    group by a.marketing_account_id, d.date
  ), missing as (
    select r.code, r.threshold, r.comparison, r.window_days, a.marketing_account_id, a.day, m.date
    from accounts as a
    cross join rules as r
    cross join lateral generate_series(0, r.window_days - 1) as n (ago)
    cross join lateral (select a.day - n.ago as date) as m
    cross join lateral (
      select min(d.date) as first_day, count(*) as days
      from days as d
      where d.marketing_account_id = a.marketing_account_id and d.is_running and d.date >= m.date - r.baseline_days and d.date < m.date
    ) as f
    cross join lateral (
      select count(*) as weekdays, count(d.date) as weekdays_with
      from generate_series(7, r.baseline_days, 7) as k (ago)
      left join days as d on d.marketing_account_id = a.marketing_account_id and d.is_running and d.date = m.date - k.ago
      where m.date - k.ago >= f.first_day
    ) as w
    where (m.date + 1)::timestamp at time zone a.time_zone + r.grace <= platform.now()
      and f.days >= coalesce(r.minimum_days, 1)
      and 2 * w.weekdays_with >= w.weekdays
      and not exists (
        select from days as d where d.marketing_account_id = a.marketing_account_id and d.date = m.date
      )
  )
  select
    m.code,
    m.marketing_account_id,
    null::bigint,
    m.day,
    null,
    count(*)::numeric,
    null::numeric,
    jsonb_build_object('window_days', m.window_days, 'since', min(m.date), 'days', jsonb_agg(m.date order by m.date))
  from missing as m
  group by m.code, m.marketing_account_id, m.day, m.window_days, m.comparison, m.threshold
  having marketing._compares(count(*), m.comparison, m.threshold);
$$;

comment on function marketing._find_gaps(bigint, date) is $$
What the rules of kind gap find: accounts that have no row at all on days of the window on which they should have some.
p_workspace_id: as marketing._watched_accounts.
p_day: likewise. Days whose grace is not over are not looked at.
Returns: the findings, one for each account and rule; the days are in the evidence.
$$;
