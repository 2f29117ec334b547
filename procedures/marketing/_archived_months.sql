-- One value for a load to test its days against. That an archived month takes no rows is kept by its partition (marketing._seal_partition):
-- this is for the answer that says why, and for sums that must not count an empty month as a month without traffic.

create or replace function marketing._archived_months(p_table text default null)
  returns datemultirange
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(range_agg(daterange(a.date_from, a.date_to)), '{}')
  from marketing.archives as a
  where a.status = 'removed' and (p_table is null or a.table_name = p_table)
$$;

comment on function marketing._archived_months(text) is $$
The days whose rows are in files instead of the database: date <@ marketing._archived_months() is true for them.
p_table: of one table: campaign_metrics, campaign_metric_versions or campaign_daily; null: of any of them, which is what a load asks, for it
writes all three.
Returns: datemultirange, empty when nothing is archived.
$$;
