begin;
select plan(11);

\ir archive.psql

select has_function('marketing', '_archive_partition_of', array['text', 'date'], 'it exists');
select volatility_is('marketing', '_archive_partition_of', array['text', 'date'], 'stable', 'it is stable');
select isnt_definer('marketing', '_archive_partition_of', array['text', 'date'], 'whose rights it has');
select function_privs_are('marketing', '_archive_partition_of', array['text', 'date'], 'marketing_app', '{}', 'applications do not call it');
select function_privs_are('marketing', '_archive_partition_of', array['text', 'date'], 'marketing_admin', '{}', 'operators do, or nobody');

select is(
  f, ('marketing.campaign_metrics', 'marketing.campaign_metrics_2020_01', '2020-02-01', false)::record::text, 'what it finds'
)
from (select marketing._archive_partition_of('campaign_metrics', '2020-01-01')::text) as x (f);
select pg_temp.archive();
select ok((marketing._archive_partition_of('campaign_metrics', '2020-01-01')).is_archived, 'it tells that the rows are in a file');
select throws_ok($$ select marketing._archive_partition_of(null, '2020-01-01') $$, 'MM004', 'p_table is null', 'which table');
select throws_ok($$ select marketing._archive_partition_of('campaign_metrics', null) $$, 'MM004', 'p_date_from is null', 'which month');
select throws_ok(
  $$ select marketing._archive_partition_of('campaigns', '2020-01-01') $$, 'MM005', 'p_table campaigns is not accepted: its rows are not archived', 'another table'
);
select throws_ok(
  $$ select marketing._archive_partition_of('campaign_metrics', '2020-01-02') $$, 'MM150',
  'campaign_metrics has no partition that begins on 2020-01-02', 'a day within a month'
);

select * from finish();
rollback;
