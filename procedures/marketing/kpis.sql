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
  marketing.ctr(marketing.in_range(p_clicks, 9e16)::bigint, marketing.in_range(p_impressions, 9e16)::bigint),
  marketing.cpc(marketing.in_range(p_cost, 1e15), marketing.in_range(p_clicks, 9e16)::bigint),
  marketing.cpm(marketing.in_range(p_cost, 1e15), marketing.in_range(p_impressions, 9e16)::bigint),
  marketing.conversion_rate(marketing.in_range(p_conversions, 1e15), marketing.in_range(p_clicks, 9e16)::bigint),
  marketing.cpa(marketing.in_range(p_cost, 1e15), marketing.in_range(p_conversions, 1e15)),
  marketing.roas(marketing.in_range(p_revenue, 1e15), marketing.in_range(p_cost, 1e15)),
  marketing.roi(marketing.in_range(p_revenue, 1e15), marketing.in_range(p_cost, 1e15))
)::marketing.kpi_set;

comment on function marketing.kpis(numeric, numeric, numeric, numeric, numeric) is $$
The ratios of one level from the sums of that level. Never average ratios: sum what they are made of, then call this.
p_impressions, p_clicks, p_cost, p_conversions, p_revenue: sums; money in one currency; null where the sum is not known.
Returns: marketing.kpi_set, each rounded to six decimals: ctr, conversion_rate and roi in percent, cpc, cpm (per 1000) and cpa in the
currency, roas as a factor. Null where the denominator is zero or a sum is null; what is no number, counts above 9e16 and above 1e15 of
anything else are taken for null, and parts smaller than a millionth for nothing. The sixth decimal of a ratio above a hundred million may
be off by one: PostgreSQL divides to sixteen digits, and rounds these. To divide to more would take a load three per cent more time.
Source: specification 003, calculate_campaign_kpis.
$$;
