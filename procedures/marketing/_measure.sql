create or replace function marketing._measure(
  p_metric text, p_impressions numeric, p_clicks numeric, p_cost numeric, p_conversions numeric, p_revenue numeric
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
end;

comment on function marketing._measure(text, numeric, numeric, numeric, numeric, numeric) is $$
One of the base measures, by its name.
p_metric: impressions, clicks, cost, conversions or revenue.
p_impressions, p_clicks, p_cost, p_conversions, p_revenue: the measures.
Returns: the one that is named; null for another name.
$$;
