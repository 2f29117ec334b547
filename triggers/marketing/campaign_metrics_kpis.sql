-- requires: procedures/marketing/_mark_metric.sql
--
-- Loads compute the ratios in the statement that writes (marketing._load_metrics) and say so, for a call per row is what makes a load slow.
-- This is for everybody else: the ratios are those of the row, and the day is marked for what follows (campaign_metrics_follow). What a
-- load inserts is known by its row, which has a time of its own and its ratios; asking for the setting costs a million rows a quarter of a
-- second. It is the only row trigger of an insert.

create or replace function marketing.calculate_campaign_kpis()
  returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  new.created_at := coalesce(new.created_at, platform.now());
  new.updated_at := coalesce(new.updated_at, new.created_at);
  new.ctr := marketing.ctr(new.clicks, new.impressions);
  new.cpc := marketing.cpc(new.cost, new.clicks);
  new.cpm := marketing.cpm(new.cost, new.impressions);
  new.conversion_rate := marketing.conversion_rate(new.conversions, new.clicks);
  new.cpa := marketing.cpa(new.cost, new.conversions);
  new.roas := marketing.roas(new.revenue, new.cost);
  new.roi := marketing.roi(new.revenue, new.cost);
  perform marketing._mark_metric(new.campaign_id, new.date);
  return new;
end;
$$;

comment on function marketing.calculate_campaign_kpis() is $$
Trigger function, before insert or update for each row of campaign_metrics: computes ctr, cpc, cpm, conversion_rate, cpa, roas and roi of
the row; null where the denominator is zero. The campaign must be there.
Returns: the row.
Errors: MM008 campaign_not_found.
Locks: the campaign.
Source: specification 003, calculate_campaign_kpis.
$$;

create or replace trigger trigger_calculate_kpis
  before insert on marketing.campaign_metrics
  for each row
  when (new.created_at is null or new.updated_at is null or new.ctr is null and new.impressions <> 0 or new.roas is null and new.cost <> 0)
  execute function marketing.calculate_campaign_kpis();

create or replace trigger trigger_calculate_kpis_update
  before update on marketing.campaign_metrics
  for each row
  when (current_setting('moadb.loading', true) is distinct from 'on')
  execute function marketing.calculate_campaign_kpis();
