-- requires: procedures/marketing/_add_to_periods.sql
--
-- What marketing._roll_up does, for the first load of some days: nothing is there to compare with, so nothing is joined, and a day's
-- weeks and months grow by all of it. Whether there are daily and hourly rows at all is asked of the index first.

create or replace function marketing._roll_up_new(p_campaign_ids bigint[], p_from date, p_to date)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set plan_cache_mode = 'force_custom_plan'
  set work_mem = '64MB'
as $$
declare
  v_has_days  boolean := exists (
    select from marketing.campaign_metrics as m
    where m.campaign_id = any (p_campaign_ids) and m.date between p_from and p_to and m.hour is null
  );
  v_has_hours boolean := exists (
    select from marketing.campaign_metrics as m
    where m.campaign_id = any (p_campaign_ids) and m.date between p_from and p_to and m.hour is not null
  );
begin
  perform marketing._refuse_archived(
    marketing._archived_months('campaign_daily') * datemultirange(daterange(p_from, p_to, '[]'))
  );

  insert into marketing.campaign_daily (campaign_id, date, hours, impressions, clicks, cost, conversions, revenue, likes, shares,
    comments, saves)
  select m.campaign_id, m.date, null::smallint, m.impressions, m.clicks, m.cost, m.conversions, m.revenue, m.likes, m.shares, m.comments,
    m.saves
  from marketing.campaign_metrics as m
  where v_has_days and m.hour is null and m.campaign_id = any (p_campaign_ids) and m.date between p_from and p_to
  union all
  select h.campaign_id, h.date, h.hours, h.impressions, h.clicks, h.cost, h.conversions, h.revenue, h.likes, h.shares, h.comments, h.saves
  from (
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
    from marketing.campaign_metrics as m
    where v_has_hours and m.hour is not null and m.campaign_id = any (p_campaign_ids) and m.date between p_from and p_to
    group by m.campaign_id, m.date
  ) as h
  where not v_has_days or not exists (
    select
    from marketing.campaign_metrics as m
    where m.campaign_id = h.campaign_id
      and m.date = h.date
      and m.hour is null
      and m.campaign_id = any (p_campaign_ids)
      and m.date between p_from and p_to
  );

  perform marketing._add_to_periods(array_agg(p.piece))
  from (
    select
      row(
        d.campaign_id, min(d.date), count(*),
        sum(d.impressions)::bigint,
        sum(d.clicks)::bigint,
        sum(d.cost),
        sum(d.conversions),
        sum(d.revenue),
        sum(d.likes)::bigint,
        sum(d.shares)::bigint,
        sum(d.comments)::bigint,
        sum(d.saves)::bigint
      )::marketing.period_piece
    from marketing.campaign_daily as d
    where d.campaign_id = any (p_campaign_ids) and d.date between p_from and p_to
    group by d.campaign_id, d.date - (d.date - date '0001-01-01') % 7, date_trunc('month', d.date::timestamp)
  ) as p (piece);
end;
$$;

comment on function marketing._roll_up_new(bigint[], date, date) is $$
Bring campaign_daily, campaign_weekly and campaign_monthly into agreement with the facts of campaigns that had none in a range of days
before this transaction: faster than marketing._roll_up, and wrong for any other.
p_campaign_ids: the campaigns, without duplicates.
p_from, p_to: first and last day.
Returns: nothing.
Errors: MM073 days_archived when days among them have left for the archive.
Locks: the roll-up rows. The caller holds the campaigns' row locks (for no key update).
$$;
