create or replace function marketing._roll_up_nothing(p_campaign_ids bigint[], p_dates date[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  with gone as (
    delete from marketing.campaign_daily as t
    using (select distinct d.campaign_id, d.date from unnest(p_campaign_ids, p_dates) as d (campaign_id, date)) as d
    where t.campaign_id = d.campaign_id
      and t.date = d.date
      and not exists (select from marketing.campaign_metrics as m where m.campaign_id = d.campaign_id and m.date = d.date)
    returning
      t.*, date_trunc('week', t.date::timestamp)::date as week, date_trunc('month', t.date::timestamp)::date as month
  ), weekly as (
    update marketing.campaign_weekly as t
    set days = t.days - p.days,
      impressions = t.impressions - p.impressions,
      clicks = t.clicks - p.clicks,
      cost = t.cost - p.cost,
      conversions = t.conversions - p.conversions,
      revenue = t.revenue - p.revenue,
      likes = t.likes - p.likes,
      shares = t.shares - p.shares,
      comments = t.comments - p.comments,
      saves = t.saves - p.saves
    from (
      select g.campaign_id, g.week, count(*) as days, sum(g.impressions) as impressions, sum(g.clicks) as clicks, sum(g.cost) as cost,
        sum(g.conversions) as conversions, sum(g.revenue) as revenue, sum(g.likes) as likes, sum(g.shares) as shares,
        sum(g.comments) as comments, sum(g.saves) as saves
      from gone as g
      group by g.campaign_id, g.week
    ) as p
    where t.campaign_id = p.campaign_id and t.week = p.week
  )
  update marketing.campaign_monthly as t
  set days = t.days - p.days,
    impressions = t.impressions - p.impressions,
    clicks = t.clicks - p.clicks,
    cost = t.cost - p.cost,
    conversions = t.conversions - p.conversions,
    revenue = t.revenue - p.revenue,
    likes = t.likes - p.likes,
    shares = t.shares - p.shares,
    comments = t.comments - p.comments,
    saves = t.saves - p.saves
  from (
    select g.campaign_id, g.month, count(*) as days, sum(g.impressions) as impressions, sum(g.clicks) as clicks, sum(g.cost) as cost,
      sum(g.conversions) as conversions, sum(g.revenue) as revenue, sum(g.likes) as likes, sum(g.shares) as shares,
      sum(g.comments) as comments, sum(g.saves) as saves
    from gone as g
    group by g.campaign_id, g.month
  ) as p
  where t.campaign_id = p.campaign_id and t.month = p.month;

  delete from marketing.campaign_weekly as t where t.campaign_id = any (p_campaign_ids) and t.days = 0;
  delete from marketing.campaign_monthly as t where t.campaign_id = any (p_campaign_ids) and t.days = 0;
end;
$$;

comment on function marketing._roll_up_nothing(bigint[], date[]) is $$
Take days that have no facts any more out of campaign_daily, their weeks and their months.
p_campaign_ids, p_dates: parallel arrays; pairs that have facts are left alone.
Returns: nothing.
Locks: the roll-up rows. The caller holds the campaigns' row locks.
$$;
