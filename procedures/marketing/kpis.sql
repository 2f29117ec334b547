-- The seven formulas are functions of migration 0003, because the facts' own columns are computed by them, too. Given as one expression
-- this is inlined: a query that reads two of the ratios computes two.

create or replace function marketing.kpis(
  p_impressions numeric, p_clicks numeric, p_cost numeric, p_conversions numeric, p_revenue numeric
)
  returns marketing.kpi_set
  language sql
  immutable
  parallel safe
return row(
  marketing.ctr(p_clicks::bigint, p_impressions::bigint),
  marketing.cpc(p_cost, p_clicks::bigint),
  marketing.cpm(p_cost, p_impressions::bigint),
  marketing.conversion_rate(p_conversions, p_clicks::bigint),
  marketing.cpa(p_cost, p_conversions),
  marketing.roas(p_revenue, p_cost),
  marketing.roi(p_revenue, p_cost)
)::marketing.kpi_set;

comment on function marketing.kpis(numeric, numeric, numeric, numeric, numeric) is $$
The ratios of one level from the sums of that level. Never average ratios: sum what they are made of, then call this.
p_impressions, p_clicks, p_cost, p_conversions, p_revenue: sums; money in one currency; null where the sum is not known.
Returns: marketing.kpi_set, each rounded to six decimals: ctr, conversion_rate and roi in percent, cpc, cpm (per 1000) and cpa in the
currency, roas as a factor. Null where the denominator is zero or a sum is null.
Source: specification 003, calculate_campaign_kpis.
$$;
