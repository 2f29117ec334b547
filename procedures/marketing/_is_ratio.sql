create or replace function marketing._is_ratio(p_metric text)
  returns boolean
  language sql
  immutable
  parallel safe
  return p_metric in ('ctr', 'conversion_rate', 'cpc', 'cpm', 'cpa', 'roas', 'roi');

comment on function marketing._is_ratio(text) is $$
Whether a metric is a ratio: then its volume is that of its sums, and it is not taken by the day.
p_metric: as in insight_rules.metric.
Returns: boolean.
$$;
