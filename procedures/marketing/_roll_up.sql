-- requires: procedures/marketing/_add_to_periods.sql
--
-- The dirty days alone are read. What a day differs by from the day as it is stored goes into its week and its month, so that these stay
-- right when their other days have left for the archive. A day that has a daily row is copied, only days without one, or whose daily row
-- was taken back, are summed over their hours. The campaigns are locked by whoever calls: nobody else writes their days, so what is not
-- there can be inserted plainly.
-- A few days are found by the index with a plan that is kept; for many the planner is told how many there are.

create or replace function marketing._roll_up(p_campaign_ids bigint[], p_dates date[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = 'auto'
  set work_mem = '64MB'
as $$
declare
  v_campaigns bigint[];
  v_from      date;
  v_to        date;
  v_archived  datemultirange := marketing._archived_months('campaign_daily');
  v_missing   bigint;
  v_pieces    marketing.period_piece[];
begin
  if coalesce(cardinality(p_campaign_ids), 0) = 0 then
    return;
  end if;
  if not isempty(v_archived) then
    perform marketing._refuse_archived((
      select range_agg(daterange(d.date, d.date, '[]')) * v_archived from unnest(p_dates) as d (date)
    ));
  end if;
  select min(d.date), max(d.date) into v_from, v_to from unnest(p_dates) as d (date);
  v_campaigns := array(select distinct d.id from unnest(p_campaign_ids) as d (id));
  perform set_config(
    'plan_cache_mode', case when cardinality(p_campaign_ids) < 50 then 'force_generic_plan' else 'force_custom_plan' end, true
  );

  with dirty as materialized (
    select distinct d.campaign_id, d.date
    from unnest(p_campaign_ids, p_dates) as d (campaign_id, date)
  ), daily as materialized (
    select m.campaign_id, m.date, m.impressions, m.clicks, m.cost, m.conversions, m.revenue, m.likes, m.shares, m.comments, m.saves
    from dirty as d
    join marketing.campaign_metrics as m on m.campaign_id = d.campaign_id and m.date = d.date
    where m.hour is null
      and m.campaign_id = any (v_campaigns)
      and m.date between v_from and v_to
      and not (m.is_retracted and exists (
        select
        from marketing.campaign_metrics as h
        where h.campaign_id = m.campaign_id and h.date = m.date and h.hour is not null
      ))
  ), hourly as (
    select
      m.campaign_id, m.date, count(*)::smallint as hours,
      sum(m.impressions)::bigint as impressions,
      sum(m.clicks)::bigint as clicks,
      sum(m.cost) as cost,
      sum(m.conversions) as conversions,
      sum(m.revenue) as revenue,
      sum(m.likes)::bigint as likes,
      sum(m.shares)::bigint as shares,
      sum(m.comments)::bigint as comments,
      sum(m.saves)::bigint as saves
    from dirty as d
    join marketing.campaign_metrics as m on m.campaign_id = d.campaign_id and m.date = d.date
    where m.hour is not null and m.campaign_id = any (v_campaigns) and m.date between v_from and v_to
    group by m.campaign_id, m.date
  ), facts as (
    select f.campaign_id, f.date, null::smallint as hours, f.impressions, f.clicks, f.cost, f.conversions, f.revenue, f.likes, f.shares,
      f.comments, f.saves
    from daily as f
    union all
    select h.campaign_id, h.date, h.hours, h.impressions, h.clicks, h.cost, h.conversions, h.revenue, h.likes, h.shares, h.comments, h.saves
    from hourly as h
    where not exists (select from daily as f where f.campaign_id = h.campaign_id and f.date = h.date)
  ), compared as materialized (
    select
      f.campaign_id, f.date, f.hours, f.impressions, f.clicks, f.cost, f.conversions, f.revenue, f.likes, f.shares, f.comments, f.saves,
      o.date is null as is_new, (o.date is null)::integer as days_more,
      f.impressions - coalesce(o.impressions, 0) as impressions_more,
      f.clicks - coalesce(o.clicks, 0) as clicks_more,
      f.cost - coalesce(o.cost, 0) as cost_more,
      f.conversions - coalesce(o.conversions, 0) as conversions_more,
      f.revenue - coalesce(o.revenue, 0) as revenue_more,
      f.likes - coalesce(o.likes, 0) as likes_more,
      f.shares - coalesce(o.shares, 0) as shares_more,
      f.comments - coalesce(o.comments, 0) as comments_more,
      f.saves - coalesce(o.saves, 0) as saves_more,
      o.date is null or (f.hours, f.impressions, f.clicks, f.cost, f.conversions, f.revenue, f.likes, f.shares, f.comments, f.saves)
        is distinct from (o.hours, o.impressions, o.clicks, o.cost, o.conversions, o.revenue, o.likes, o.shares, o.comments,
          o.saves) as is_changed
    from facts as f
    left join marketing.campaign_daily as o
      on o.campaign_id = f.campaign_id and o.date = f.date and o.campaign_id = any (v_campaigns) and o.date between v_from and v_to
  ), inserted as (
    insert into marketing.campaign_daily as t (campaign_id, date, hours, impressions, clicks, cost, conversions, revenue, likes, shares,
      comments, saves)
    select c.campaign_id, c.date, c.hours, c.impressions, c.clicks, c.cost, c.conversions, c.revenue, c.likes, c.shares, c.comments, c.saves
    from compared as c
    where c.is_new
  ), updated as (
    update marketing.campaign_daily as t
    set hours = c.hours,
      impressions = c.impressions,
      clicks = c.clicks,
      cost = c.cost,
      conversions = c.conversions,
      revenue = c.revenue,
      likes = c.likes,
      shares = c.shares,
      comments = c.comments,
      saves = c.saves
    from compared as c
    where c.is_changed and not c.is_new
      and t.campaign_id = c.campaign_id and t.date = c.date and t.campaign_id = any (v_campaigns) and t.date between v_from and v_to
  ), pieces as (
    select
      row(
        c.campaign_id, min(c.date), sum(c.days_more)::bigint,
        sum(c.impressions_more)::bigint,
        sum(c.clicks_more)::bigint,
        sum(c.cost_more),
        sum(c.conversions_more),
        sum(c.revenue_more),
        sum(c.likes_more)::bigint,
        sum(c.shares_more)::bigint,
        sum(c.comments_more)::bigint,
        sum(c.saves_more)::bigint
      )::marketing.period_piece as piece
    from compared as c
    where c.is_changed
    group by c.campaign_id, c.date - (c.date - date '0001-01-01') % 7, date_trunc('month', c.date::timestamp)
  )
  select (select count(*) from dirty) - (select count(*) from compared), (select array_agg(p.piece) from pieces as p)
  into v_missing, v_pieces;

  perform marketing._add_to_periods(v_pieces);
  if v_missing > 0 then
    perform marketing._roll_up_nothing(p_campaign_ids, p_dates);
  end if;
end;
$$;

comment on function marketing._roll_up(bigint[], date[]) is $$
Bring campaign_daily, campaign_weekly and campaign_monthly into agreement with the facts of some days. Every writer of facts calls it in
its own transaction. A day without facts loses its row.
p_campaign_ids, p_dates: parallel arrays, the (campaign, day) pairs whose facts changed; a pair may come twice.
Returns: nothing.
Errors: MM073 days_archived when days among them have left for the archive.
Locks: the roll-up rows. The caller holds the campaigns' row locks (for no key update).
Source: specification 003, warm data.
$$;
