begin;
select plan(9);

select has_function('marketing', '_archived_months', array['text'], 'it exists');
select function_returns('marketing', '_archived_months', array['text'], 'datemultirange', 'it returns what it says');
select volatility_is('marketing', '_archived_months', array['text'], 'stable', 'it is stable');
select isnt_definer('marketing', '_archived_months', array['text'], 'it runs as its caller');
select function_privs_are('marketing', '_archived_months', array['text'], 'marketing_app', '{}', 'applications do not call it');

select is(marketing._archived_months(), '{}'::datemultirange, 'nothing is archived');

insert into marketing.archives (
  table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at, restored_at
)
select
  a.table_name, 'p', a.date_from, (a.date_from + interval '1 month')::date, 'file:///x', '[{}]', 0, 1, sha256(''), 0, a.status,
  '2026-01-01 00:00+00', '2026-01-01 00:00+00', case a.status when 'restored' then timestamptz '2026-01-02 00:00+00' end
from (values
  ('campaign_metrics', date '2025-01-01', 'removed'),
  ('campaign_metrics', date '2025-02-01', 'removed'),
  ('campaign_metrics', date '2025-04-01', 'restored'),
  ('campaign_metric_versions', date '2025-02-01', 'removed'),
  ('campaign_daily', date '2024-06-01', 'removed')
) as a (table_name, date_from, status);

select is(
  marketing._archived_months(), '{[2024-06-01,2024-07-01),[2025-01-01,2025-03-01)}'::datemultirange,
  'the days of every table whose rows are in files; what was restored is not among them'
);
select is(marketing._archived_months('campaign_metrics'), '{[2025-01-01,2025-03-01)}'::datemultirange, 'of one table');
select is(
  array(select d.day from (values (date '2025-02-28'), ('2025-03-01'), ('2024-05-31'), ('2024-06-01')) as d (day) where d.day <@ marketing._archived_months()),
  array[date '2025-02-28', '2024-06-01'], 'a day is asked for by <@'
);

select * from finish();
rollback;
