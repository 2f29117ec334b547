-- requires: procedures/marketing/_add_to_periods.sql

create or replace function marketing._roll_up_nothing(p_campaign_ids bigint[], p_dates date[])
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_pieces marketing.period_piece[];
begin
  with gone as (
    delete from marketing.campaign_daily as t
    using (select distinct d.campaign_id, d.date from unnest(p_campaign_ids, p_dates) as d (campaign_id, date)) as d
    where t.campaign_id = d.campaign_id
      and t.date = d.date
      and not exists (select from marketing.campaign_metrics as m where m.campaign_id = d.campaign_id and m.date = d.date)
    returning t.*
  )
  select
    array_agg(
      row(
        g.campaign_id, g.date, -1, -g.impressions, -g.clicks, -g.cost, -g.conversions, -g.revenue, -g.likes, -g.shares, -g.comments,
        -g.saves
      )::marketing.period_piece
    )
  into v_pieces
  from gone as g;

  perform marketing._add_to_periods(v_pieces);
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
