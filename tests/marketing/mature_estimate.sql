begin;
select plan(15);

select has_function('marketing', 'mature_estimate', array['bigint', 'date', 'date', 'text', 'integer']);
select function_returns('marketing', 'mature_estimate', array['bigint', 'date', 'date', 'text', 'integer'], 'setof record');
select volatility_is('marketing', 'mature_estimate', array['bigint', 'date', 'date', 'text', 'integer'], 'stable');
select is_definer('marketing', 'mature_estimate', array['bigint', 'date', 'date', 'text', 'integer']);
select ok(has_function_privilege('marketing_app', 'marketing.mature_estimate(bigint, date, date, text, integer)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.mature_estimate(bigint, date, date, text, integer)', 'execute'), 'operators may');

\ir figures.psql
set local moadb.now = '2026-03-31 12:00+09';
set local moadb.loading = 'on';
insert into marketing.campaign_metrics (campaign_id, date, conversions, cost, updated_at, snapshot_at)
values
  (11, '2026-03-01', 10, 7, '2026-03-04 12:00+09', '2026-03-30 12:00+09'), (11, '2026-03-28', 6, 7, '2026-03-30 12:00+09', '2026-03-30 12:00+09'),
  (12, '2026-03-28', 2, 7, '2026-03-29 12:00+09', '2026-03-29 12:00+09'), (11, '2026-03-30', 1, 7, '2026-03-30 12:00+09', '2026-03-30 12:00+09'),
  (21, '2026-03-28', 5, 7, '2026-03-30 12:00+09', '2026-03-30 12:00+09');
insert into marketing.campaign_metric_versions (campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, snapshot_at, recorded)
values (11, '2026-03-01', null, 0, 0, 7, 4, 0, 0, 0, 0, 0, now(), '[2026-03-02 00:00+09,2026-03-04 12:00+09)');
select marketing._roll_up(array_agg(m.campaign_id), array_agg(m.date)) from marketing.campaign_metrics as m;
select results_eq(
  $$ select e.account_id, e.account_name, e.date, e.currency, e.age, e.reported, e.share, e.estimate from marketing.mature_estimate(1, '2026-03-01', '2026-03-31', 'conversions', 4) as e $$,
  $$ values
    (1::bigint, 'Search', date '2026-03-01', 'KRW', 28, 10::numeric, 1::numeric, 10::numeric),
    (1, 'Search', '2026-03-28', 'KRW', 1, 8, 0.4, 20),
    (2, 'm-2', '2026-03-28', 'USD', 0, 5, null, null),
    (1, 'Search', '2026-03-30', 'KRW', -1, 1, null, null) $$,
  'by how old the day was when it was last read; unknown where nothing old is like it'
);
select is((select e.estimate from marketing.mature_estimate(1, '2026-03-28', '2026-03-28', 'cost', 4) as e where e.account_id = 1), 14::numeric, 'what does not grow is what it is');
delete from marketing.campaign_metrics as m where m.date = '2026-03-01';
select is((select e.share from marketing.mature_estimate(1, '2026-03-01', '2026-03-01') as e), 1::numeric, 'days whose facts are archived are final');
select throws_ok($$ select * from marketing.mature_estimate(-1, '2026-03-01', '2026-03-01') $$, 'MM001', null, 'a workspace that there is not');
select throws_ok($$ select * from marketing.mature_estimate(1, '2026-03-02', '2026-03-01') $$, 'MM005', null, 'backwards');
select throws_ok($$ select * from marketing.mature_estimate(1, null, '2026-03-01') $$, 'MM004', null, 'from when');
select throws_ok($$ select * from marketing.mature_estimate(1, '2026-03-01', '2026-03-01', 'reach') $$, 'MM005', null, 'what does not add up');
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_daily', 'x', '2026-03-01', '2026-04-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
select throws_ok($$ select * from marketing.mature_estimate(1, '2026-03-31', '2026-04-01') $$, 'MM073', null, 'days that are in the archive');
select pg_temp.act_as(3);
select throws_ok($$ select * from marketing.mature_estimate(1, '2026-03-01', '2026-03-01') $$, 'MM001', null, 'for members');
reset role;

select * from finish();
rollback;
