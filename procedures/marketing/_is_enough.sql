create or replace function marketing._is_enough(
  p_minimum jsonb, p_impressions numeric, p_clicks numeric, p_cost numeric, p_conversions numeric, p_revenue numeric
)
  returns boolean
  language sql
  immutable
  parallel safe
  return coalesce(p_impressions >= (p_minimum -> 'impressions')::numeric, not p_minimum ? 'impressions')
    and coalesce(p_clicks >= (p_minimum -> 'clicks')::numeric, not p_minimum ? 'clicks')
    and coalesce(p_cost >= (p_minimum -> 'cost')::numeric, not p_minimum ? 'cost')
    and coalesce(p_conversions >= (p_minimum -> 'conversions')::numeric, not p_minimum ? 'conversions')
    and coalesce(p_revenue >= (p_minimum -> 'revenue')::numeric, not p_minimum ? 'revenue');

comment on function marketing._is_enough(jsonb, numeric, numeric, numeric, numeric, numeric) is $$
Whether a volume is enough to judge by.
p_minimum: insight_rules.minimum.
p_impressions, p_clicks, p_cost, p_conversions, p_revenue: the sums.
Returns: boolean; a sum that is null is not enough where one is asked for.
$$;
