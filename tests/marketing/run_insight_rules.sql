begin;
select plan(18);

select has_function('marketing', 'run_insight_rules', array['bigint', 'date']);
select volatility_is('marketing', 'run_insight_rules', array['bigint', 'date'], 'volatile');
select is_definer('marketing', 'run_insight_rules', array['bigint', 'date']);
select function_privs_are('marketing', 'run_insight_rules', array['bigint', 'date'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'run_insight_rules', array['bigint', 'date'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql

delete from marketing.insight_rules;
insert into marketing.insight_rules (
  code, kind, type, category, priority, metric, comparison, threshold, window_days, title, description, suggested_action, expires_after
)
values (
  'dear', 'threshold', 'warning', 'budget', 'high', 'cpc', '>', 200, 3, '{campaign} of {account}: {value}, not {expected} ({z})',
  '{day}, {window} days, {metric}, {threshold} {currency}', 'less', '3 days'
);

select pg_temp.day(9301, d::date, 10, 1, 600, 0), pg_temp.day(9309, d::date, 10, 1, 250, 0)
from generate_series('2026-11-15', '2026-11-17', interval '1 day') as d;

set local role marketing_app;
select throws_ok('select marketing.run_insight_rules()', 'MM004', 'p_workspace_id is null', 'operators alone run those of all');
select throws_ok('select marketing.run_insight_rules(9001)', 'MM003', null, 'somebody must act');
select marketing.act_as(9102);
select throws_ok('select marketing.run_insight_rules(9001)', 'MM002', null, 'viewers do not');
select throws_ok('select marketing.run_insight_rules(9002)', 'MM001', null, 'of a workspace that one is in');
select marketing.act_as(9101);
select is(marketing.run_insight_rules(9001), 1::bigint, 'one is told');
select is(marketing.run_insight_rules(9001), 0::bigint, 'once');
reset role;
select is((select count(*) from marketing.insights where workspace_id <> 9001), 0::bigint, 'nobody else is');
set local moadb.marketing_user = '';
set local role marketing_admin;
select is(marketing.run_insight_rules(p_day => '2026-11-17'), 0::bigint, 'in Los Angeles it is not over');
select is(marketing.run_insight_rules(), 1::bigint, 'of all workspaces: the other one');
select is(marketing.run_insight_rules(), 0::bigint, 'again: nothing changes');
reset role;
select is((select count(*) from marketing.insights where closed_at is null), 2::bigint, 'each has its own');

-- what is loaded is looked at
select marketing.upsert_campaign_metrics(
  jsonb_agg(jsonb_build_object(
    'campaign_id', 'c2', 'date', d::date, 'impressions', 100, 'clicks', 10, 'cost', case when d::date = '2026-11-16' then 4000 else 1000 end
  )), 9201, '2026-11-18 01:00+00'
)
from generate_series('2026-11-15', '2026-11-17', interval '1 day') as d;
select is(marketing.run_insight_rules(9001), 0::bigint, '6000 for 30 clicks is not more than 200');
select marketing.upsert_campaign_metrics('[{"campaign_id": "c2", "date": "2026-11-17", "impressions": 100, "clicks": 10, "cost": 1001}]', 9201, '2026-11-18 02:00+00');
select is(marketing.run_insight_rules(9001), 1::bigint, 'restated: 6001 is');

select * from finish();
rollback;
