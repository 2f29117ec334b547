create or replace function marketing._report_metrics()
  returns text[]
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select array[
    'impressions', 'clicks', 'ctr', 'cost', 'cpc', 'cpm', 'conversions', 'conversion_rate', 'cpa', 'revenue', 'roas', 'roi', 'likes', 'shares',
    'comments', 'saves'
  ];
$$;

comment on function marketing._report_metrics() is $$
The metrics that a report can have, in the order in which it shows them.
Returns: their names, as in marketing.performance.
$$;
