-- Ratios are what exports have beside the figures; they are computed here, and what is said of them is left out.

create or replace function marketing._metric_columns()
  returns text[]
  language sql
  immutable
  parallel safe
  return '{campaign_id,campaign_name,platform,account_id,currency,date,hour,impressions,clicks,cost,cost_micros,conversions,revenue,likes,shares,comments,saves,snapshot_at,ctr,cpc,cpm,conversion_rate,cpa,roas,roi}'::text[];

comment on function marketing._metric_columns() is $$
The names that may stand in a row of metrics.
Returns: text[].
$$;
