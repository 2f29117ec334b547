begin;
select plan(13);

\ir archive.psql

select has_function('marketing', 'list_archivable', array['interval', 'interval'], 'it exists');
select volatility_is('marketing', 'list_archivable', array['interval', 'interval'], 'stable', 'it is stable');
select is_definer('marketing', 'list_archivable', array['interval', 'interval'], 'whose rights it has');
select function_privs_are('marketing', 'list_archivable', array['interval', 'interval'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', 'list_archivable', array['interval', 'interval'], 'marketing_admin', '{EXECUTE}', 'operators do, or nobody');

prepare listed as
  select l.table_name, l.date_from from marketing.list_archivable() as l where l.date_from < '2021-01-01' order by l.table_name collate "C";
select results_eq(
  'listed',
  $$ values ('campaign_daily', date '2020-01-01'), ('campaign_metric_versions', '2020-01-01'), ('campaign_metrics', '2020-01-01') $$,
  'what is old'
);
select results_eq(
  $$ select l.partition_name, l.date_to, l.bytes > 0 from marketing.list_archivable() as l where l.partition_name = 'campaign_metrics_2020_01' $$,
  $$ values ('campaign_metrics_2020_01', date '2020-02-01', true) $$, 'what it is'
);
set local moadb.now = '2020-04-30 23:59:59+00';
select is_empty('listed', 'less than three months later nothing is');
set local moadb.now = '2020-05-01 00:00+00';
select results_eq(
  'listed', $$ values ('campaign_metric_versions', date '2020-01-01'), ('campaign_metrics', '2020-01-01') $$, 'raw rows after three months'
);
select is((select count(*) from marketing.list_archivable('10 months', '2 months') as l), 1::bigint, 'or as long as is said');
select pg_temp.archive();
select results_eq('listed', $$ values ('campaign_metric_versions', date '2020-01-01') $$, 'what is in a file is not there again');
select throws_ok('select marketing.list_archivable(null)', 'MM004', 'p_older_than is null', 'how old');
select throws_ok($$ select marketing.list_archivable(p_daily_older_than => '-1 day') $$, 'MM005', 'p_daily_older_than -1 days is not accepted: it is 0 to 1000 years', 'nothing of tomorrow');

select * from finish();
rollback;
