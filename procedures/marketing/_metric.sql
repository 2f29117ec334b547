-- Bound at creation, so that it is inlined; the formulas of the ratios are those of the facts.

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
    when 'ctr' then marketing.ctr(p_clicks::bigint, p_impressions::bigint)
    when 'conversion_rate' then marketing.conversion_rate(p_conversions, p_clicks::bigint)
    when 'cpc' then marketing.cpc(p_cost, p_clicks::bigint)
    when 'cpm' then marketing.cpm(p_cost, p_impressions::bigint)
    when 'cpa' then marketing.cpa(p_cost, p_conversions)
    when 'roas' then marketing.roas(p_revenue, p_cost)
    when 'roi' then marketing.roi(p_revenue, p_cost)
  end;

comment on function marketing._metric(text, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric) is $$
A metric by its name, of sums.
p_metric: as in insight_rules.metric.
p_impressions, p_clicks, p_cost, p_conversions, p_revenue, p_likes, p_shares, p_comments, p_saves: the sums.
Returns: the sum of that name, or the ratio of sums; null when its denominator is zero, or there is no such metric.
$$;
