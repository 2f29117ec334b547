begin;
select plan(9);

select has_function('marketing', '_refigure', array['bigint[]', 'bigint[]']);
select function_returns('marketing', '_refigure', array['bigint[]', 'bigint[]'], 'void');
select volatility_is('marketing', '_refigure', array['bigint[]', 'bigint[]'], 'volatile');
select isnt_definer('marketing', '_refigure', array['bigint[]', 'bigint[]']);
select ok(not has_function_privilege('marketing_app', 'marketing._refigure(bigint[], bigint[])', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._refigure(bigint[], bigint[])', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._refigure(bigint[], bigint[])', 'execute'), 'readers may not');

\ir team.psql

insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
select c.id, d.day, 100, 10, 1000, 1, 2000, 0, 0, 0, 0
from marketing.campaigns as c cross join (values (date '2026-10-01'), ('2026-11-30')) as d (day);
insert into marketing.campaign_monthly (campaign_id, month, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
select d.campaign_id, date_trunc('month', d.date), 1, d.impressions, d.clicks, d.cost, d.conversions, d.revenue, 0, 0, 0, 0 from marketing.campaign_daily as d;
select marketing._refigure('{9001}', '{9002}');
select marketing._refigure('{}');
select results_eq(
  'select p.workspace_id, p.date from marketing.channel_performance as p order by 1, 2', $$ values (9001::bigint, date '2026-10-01'), (9001, '2026-11-30') $$,
  'all days of these campaigns'
);
delete from marketing.channel_performance;
select marketing._refigure('{9001,9002}');
select results_eq(
  'select p.workspace_id, p.date from marketing.channel_performance as p order by 1, 2',
  $$ values (9001::bigint, date '2026-10-01'), (9001, '2026-11-30'), (9002, '2026-10-01'), (9002, '2026-11-30') $$, 'all days of these workspaces'
);

select * from finish();
rollback;
