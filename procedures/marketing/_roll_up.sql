-- The dirty days alone are read. What a day differs by from the day as it is stored goes into its week and its month, so that these stay
-- right when their other days have left for the archive. Whoever calls holds the locks of the campaigns: nobody else writes their days.
-- A day that has a daily row is copied, and only days without one are summed over their hours.

create or replace function marketing._roll_up(p_campaign_ids bigint[], p_dates date[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_archived datemultirange;
  v_gone     bigint[];
begin
  v_archived := marketing._archived_months('campaign_daily');
  if not isempty(v_archived) then
    perform marketing._refuse_archived((
      select range_agg(daterange(d.date, d.date, '[]')) * v_archived from unnest(p_dates) as d (date)
    ));
  end if;

  with dirty as materialized (
    select distinct d.campaign_id, d.date
    from unnest(p_campaign_ids, p_dates) as d (campaign_id, date)
  ), daily as materialized (
    select m.campaign_id, m.date, m.impressions, m.clicks, m.cost, m.conversions, m.revenue, m.likes, m.shares, m.comments, m.saves,
      null::smallint as hours
    from dirty as d
    join marketing.campaign_metrics as m on m.campaign_id = d.campaign_id and m.date = d.date and m.hour is null
  ), undivided as materialized (
    select d.campaign_id, d.date
    from dirty as d
    where not exists (select from daily as f where f.campaign_id = d.campaign_id and f.date = d.date)
  ), facts as (
    select f.*
    from daily as f
    union all
    select
      m.campaign_id, m.date,
      sum(m.impressions)::bigint as impressions,
      sum(m.clicks)::bigint as clicks,
      sum(m.cost) as cost,
      sum(m.conversions) as conversions,
      sum(m.revenue) as revenue,
      sum(m.likes)::bigint as likes,
      sum(m.shares)::bigint as shares,
      sum(m.comments)::bigint as comments,
      sum(m.saves)::bigint as saves,
      count(*)::smallint as hours
    from undivided as d
    join marketing.campaign_metrics as m on m.campaign_id = d.campaign_id and m.date = d.date and m.hour is not null
    group by m.campaign_id, m.date
  ), changed as materialized (
    select
      d.campaign_id, d.date, f.date is not null as is_there, o.date is not null as was_there,
      (f.date is not null)::integer - (o.date is not null)::integer as days_change,
      f.impressions, f.clicks, f.cost, f.conversions, f.revenue, f.likes, f.shares, f.comments, f.saves, f.hours,
      coalesce(f.impressions, 0) - coalesce(o.impressions, 0) as impressions_change,
      coalesce(f.clicks, 0) - coalesce(o.clicks, 0) as clicks_change,
      coalesce(f.cost, 0) - coalesce(o.cost, 0) as cost_change,
      coalesce(f.conversions, 0) - coalesce(o.conversions, 0) as conversions_change,
      coalesce(f.revenue, 0) - coalesce(o.revenue, 0) as revenue_change,
      coalesce(f.likes, 0) - coalesce(o.likes, 0) as likes_change,
      coalesce(f.shares, 0) - coalesce(o.shares, 0) as shares_change,
      coalesce(f.comments, 0) - coalesce(o.comments, 0) as comments_change,
      coalesce(f.saves, 0) - coalesce(o.saves, 0) as saves_change
    from dirty as d
    left join facts as f on f.campaign_id = d.campaign_id and f.date = d.date
    left join marketing.campaign_daily as o on o.campaign_id = d.campaign_id and o.date = d.date
    where (f.date, f.impressions, f.clicks, f.cost, f.conversions, f.revenue, f.likes, f.shares, f.comments, f.saves, f.hours)
      is distinct from (o.date, o.impressions, o.clicks, o.cost, o.conversions, o.revenue, o.likes, o.shares, o.comments, o.saves, o.hours)
  ), written as (
    insert into marketing.campaign_daily as t (
      campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, hours
    )
    select c.campaign_id, c.date, c.impressions, c.clicks, c.cost, c.conversions, c.revenue, c.likes, c.shares, c.comments, c.saves, c.hours
    from changed as c
    where c.is_there
    on conflict (campaign_id, date) do update
    set impressions = excluded.impressions,
      clicks = excluded.clicks,
      cost = excluded.cost,
      conversions = excluded.conversions,
      revenue = excluded.revenue,
      likes = excluded.likes,
      shares = excluded.shares,
      comments = excluded.comments,
      saves = excluded.saves,
      hours = excluded.hours
  ), weekly as (
    insert into marketing.campaign_weekly as t (
      campaign_id, week, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves
    )
    select
      c.campaign_id, date_trunc('week', c.date::timestamp)::date, sum(c.days_change),
      sum(c.impressions_change)::bigint,
      sum(c.clicks_change)::bigint,
      sum(c.cost_change),
      sum(c.conversions_change),
      sum(c.revenue_change),
      sum(c.likes_change)::bigint,
      sum(c.shares_change)::bigint,
      sum(c.comments_change)::bigint,
      sum(c.saves_change)::bigint
    from changed as c
    group by 1, 2
    on conflict (campaign_id, week) do update
    set days = t.days + excluded.days,
      impressions = t.impressions + excluded.impressions,
      clicks = t.clicks + excluded.clicks,
      cost = t.cost + excluded.cost,
      conversions = t.conversions + excluded.conversions,
      revenue = t.revenue + excluded.revenue,
      likes = t.likes + excluded.likes,
      shares = t.shares + excluded.shares,
      comments = t.comments + excluded.comments,
      saves = t.saves + excluded.saves
  ), monthly as (
    insert into marketing.campaign_monthly as t (
      campaign_id, month, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves
    )
    select
      c.campaign_id, date_trunc('month', c.date::timestamp)::date, sum(c.days_change),
      sum(c.impressions_change)::bigint,
      sum(c.clicks_change)::bigint,
      sum(c.cost_change),
      sum(c.conversions_change),
      sum(c.revenue_change),
      sum(c.likes_change)::bigint,
      sum(c.shares_change)::bigint,
      sum(c.comments_change)::bigint,
      sum(c.saves_change)::bigint
    from changed as c
    group by 1, 2
    on conflict (campaign_id, month) do update
    set days = t.days + excluded.days,
      impressions = t.impressions + excluded.impressions,
      clicks = t.clicks + excluded.clicks,
      cost = t.cost + excluded.cost,
      conversions = t.conversions + excluded.conversions,
      revenue = t.revenue + excluded.revenue,
      likes = t.likes + excluded.likes,
      shares = t.shares + excluded.shares,
      comments = t.comments + excluded.comments,
      saves = t.saves + excluded.saves
  ), gone as (
    delete from marketing.campaign_daily as t
    using changed as c
    where not c.is_there and t.campaign_id = c.campaign_id and t.date = c.date
    returning t.campaign_id
  )
  select array_agg(distinct g.campaign_id) into v_gone
  from gone as g;

  if v_gone is not null then
    delete from marketing.campaign_weekly as t where t.campaign_id = any (v_gone) and t.days = 0;
    delete from marketing.campaign_monthly as t where t.campaign_id = any (v_gone) and t.days = 0;
  end if;
end;
$$;

comment on function marketing._roll_up(bigint[], date[]) is $$
Bring campaign_daily, campaign_weekly and campaign_monthly into agreement with the facts of some days. Every writer of facts calls it in
its own transaction. A day without facts loses its row.
p_campaign_ids, p_dates: parallel arrays, the (campaign, day) pairs whose facts changed; a pair may come twice.
Returns: nothing.
Errors: MM073 days_archived when days among them are in the archive: their sums could not be told.
Locks: the roll-up rows. The caller holds the campaigns' row locks (for no key update).
$$;
