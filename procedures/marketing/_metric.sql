-- requires: procedures/marketing/kpis.sql
--
-- Bound at creation, so that it is inlined; the formulas of the ratios are those of marketing.kpis.

create or replace function marketing._metric(
  p_metric text,
  p_impressions numeric,
  p_clicks numeric,
  p_cost numeric,
  p_conversions numeric,
  p_revenue numeric,
  p_likes numeric,
  p_shares numeric,
  p_comments numeric,
  p_saves numeric
)
  returns numeric
  language sql
  immutable
  parallel safe
  return case p_metric
    when 'impressions' then p_impressions
    when 'clicks' then p_clicks
    when 'cost' then p_cost
    when 'conversions' then p_conversions
    when 'revenue' then p_revenue
    when 'likes' then p_likes
    when 'shares' then p_shares
    when 'comments' then p_comments
    when 'saves' then p_saves
    when 'ctr' then (marketing.kpis(p_impressions, p_clicks, p_cost, p_conversions, p_revenue)).ctr
    when 'conversion_rate' then (marketing.kpis(p_impressions, p_clicks, p_cost, p_conversions, p_revenue)).conversion_rate
    when 'cpc' then (marketing.kpis(p_impressions, p_clicks, p_cost, p_conversions, p_revenue)).cpc
    when 'cpm' then (marketing.kpis(p_impressions, p_clicks, p_cost, p_conversions, p_revenue)).cpm
    when 'cpa' then (marketing.kpis(p_impressions, p_clicks, p_cost, p_conversions, p_revenue)).cpa
    when 'roas' then (marketing.kpis(p_impressions, p_clicks, p_cost, p_conversions, p_revenue)).roas
    when 'roi' then (marketing.kpis(p_impressions, p_clicks, p_cost, p_conversions, p_revenue)).roi
  end;

comment on function marketing._metric(text, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric) is $$
A metric by its name, of sums.
p_metric: as in insight_rules.metric.
p_impressions, p_clicks, p_cost, p_conversions, p_revenue, p_likes, p_shares, p_comments, p_saves: the sums.
Returns: the sum of that name, or the ratio of sums; null when its denominator is zero, or there is no such metric.
$$;
