create or replace function marketing._archived_days()
  returns datemultirange
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(range_agg(daterange(a.date_from, a.date_to)), '{}')
  from marketing.archives as a
  where a.table_name = 'campaign_daily' and a.status = 'removed'
$$;

comment on function marketing._archived_days() is $$
The days whose sums have left for the archive: only their weeks, months and channels are here.
Returns: datemultirange.
$$;
