begin;
select plan(14);

select has_function('marketing', 'detect_anomalies', array['date', 'bigint']);
select volatility_is('marketing', 'detect_anomalies', array['date', 'bigint'], 'volatile');
select is_definer('marketing', 'detect_anomalies', array['date', 'bigint']);
select function_privs_are('marketing', 'detect_anomalies', array['date', 'bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'detect_anomalies', array['date', 'bigint'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql

-- the rules that moadb comes with; Tuesdays: median 100000, deviation 1500, then 150000: 0.6745 × 50000 / 1500
select pg_temp.day(9301, '2026-11-17'::date - 7 * n::integer, 1000, 100, v * 1000, 0)
from unnest('{100,102,98,101,99,103,97,100}'::numeric[]) with ordinality as c (v, n);
select pg_temp.day(9301, '2026-11-17', 1000, 100, 150000, 0);
set local role marketing_admin;
create temporary table found as select * from marketing.detect_anomalies('2026-11-17');
select results_eq(
  $$ select workspace_id, marketing_account_id, campaign_id, metric, day, value, expected, z, change, is_new from found order by metric $$,
  $$
    values
      (9001::bigint, 9201::bigint, 9301::bigint, 'cost', '2026-11-17'::date, 150000::numeric, 100000::numeric, 22.48, 50.00, true),
      (9001, 9201, 9301, 'cpc', '2026-11-17', 1500, 1000, 22.48, 50, true)
  $$, 'the day is out of the order'
);
select is((select count(*) from marketing.detect_anomalies('2026-11-17') as d where not d.is_new), 2::bigint, 'it still is: nothing new');
select is_empty($$ select from marketing.detect_anomalies('2026-11-10') $$, 'the Tuesday before was not');
reset role;
select results_eq(
  $$ select i.id, i.title::text from marketing.insights as i order by i.metric $$,
  $$ select f.insight_id, case f.metric when 'cost' then 'C1: 2026-11-17 비용이 평소와 다릅니다 (150,000 KRW)' else 'C1: 2026-11-17 클릭 단가가 평소보다 높습니다 (1,500 KRW)' end from found as f order by f.metric $$,
  'an insight each'
);
set local role marketing_app;
select throws_ok('select * from marketing.detect_anomalies()', 'MM004', 'p_workspace_id is null', 'operators alone look at all');
select throws_ok('select * from marketing.detect_anomalies(null, 9001)', 'MM003', null, 'somebody must act');
select marketing.act_as(9102);
select throws_ok('select * from marketing.detect_anomalies(null, 9001)', 'MM002', null, 'viewers do not');
select throws_ok('select * from marketing.detect_anomalies(null, 9002)', 'MM001', null, 'of a workspace that one is in');
select marketing.act_as(9101);
select is((select count(*) from marketing.detect_anomalies(null, 9001)), 2::bigint, 'users do; yesterday, if no day is given');

select * from finish();
rollback;
