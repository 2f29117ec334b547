begin;
select plan(8);

\ir archive.psql

select has_function('marketing', 'list_archives', array['text'], 'it exists');
select volatility_is('marketing', 'list_archives', array['text'], 'stable', 'it is stable');
select is_definer('marketing', 'list_archives', array['text'], 'whose rights it has');
select function_privs_are('marketing', 'list_archives', array['text'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', 'list_archives', array['text'], 'marketing_admin', '{EXECUTE}', 'operators do, or nobody');

select is_empty('select marketing.list_archives()', 'nothing is archived');
select pg_temp.archive();
select results_eq(
  $$ select l.table_name, l.partition_name, l.status, l.rows from marketing.list_archives('campaign_metrics') as l $$,
  $$ values ('campaign_metrics', 'campaign_metrics_2020_01', 'removed', 2::bigint) $$, 'what is'
);
select is_empty($$ select marketing.list_archives('campaign_daily') $$, 'of another table');

select * from finish();
rollback;
