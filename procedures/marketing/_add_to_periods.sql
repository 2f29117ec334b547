-- Weeks and months are not read from their days, which may have left for the archive: what days differ by from what they were is added.

create or replace function marketing._add_to_periods(p_pieces marketing.period_piece[])
  returns void
  language sql
  set search_path = pg_catalog, pg_temp
as $$
  with weekly as (
    insert into marketing.campaign_weekly as t (
      campaign_id, week, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves
    )
    select
      p.campaign_id, p.date - (p.date - date '0001-01-01') % 7 as week, sum(p.days),
      sum(p.impressions)::bigint,
      sum(p.clicks)::bigint,
      sum(p.cost),
      sum(p.conversions),
      sum(p.revenue),
      sum(p.likes)::bigint,
      sum(p.shares)::bigint,
      sum(p.comments)::bigint,
      sum(p.saves)::bigint
    from unnest(p_pieces) as p
    group by p.campaign_id, week
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
  )
  insert into marketing.campaign_monthly as t (
    campaign_id, month, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves
  )
  select
    p.campaign_id, date_trunc('month', p.date::timestamp)::date as month, sum(p.days),
    sum(p.impressions)::bigint,
    sum(p.clicks)::bigint,
    sum(p.cost),
    sum(p.conversions),
    sum(p.revenue),
    sum(p.likes)::bigint,
    sum(p.shares)::bigint,
    sum(p.comments)::bigint,
    sum(p.saves)::bigint
  from unnest(p_pieces) as p
  group by p.campaign_id, month
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
    saves = t.saves + excluded.saves;
$$;

comment on function marketing._add_to_periods(marketing.period_piece[]) is $$
Add what days have more than they had to their weeks and months.
p_pieces: any number for each campaign, week and month; null: none.
Returns: nothing.
Locks: the rows of campaign_weekly and campaign_monthly. The caller holds the campaigns' row locks (for no key update).
$$;
