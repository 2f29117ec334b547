begin;
select plan(22);

select has_function('marketing', '_run_insight_rules', array['text[]', 'bigint', 'date']);
select volatility_is('marketing', '_run_insight_rules', array['text[]', 'bigint', 'date'], 'volatile');
select isnt_definer('marketing', '_run_insight_rules', array['text[]', 'bigint', 'date']);
select function_privs_are('marketing', '_run_insight_rules', array['text[]', 'bigint', 'date'], 'marketing_app', '{}');

\ir insights.psql

delete from marketing.insight_rules;
insert into marketing.insight_rules (
  code, kind, type, category, priority, metric, comparison, threshold, window_days, title, description, suggested_action, expires_after
)
values (
  'dear', 'threshold', 'warning', 'budget', 'high', 'cpc', '>', 200, 3, '{campaign} of {account}: {value}, not {expected} ({z})',
  '{day}, {window} days, {metric}, {threshold} {currency}', 'less', '3 days'
);

-- 600 for a click on each of three days: 3 × 600 / 3 clicks; the account in Los Angeles: 250
select pg_temp.day(9301, d::date, 10, 1, 600, 0), pg_temp.day(9309, d::date, 10, 1, 250, 0)
from generate_series('2026-11-15', '2026-11-17', interval '1 day') as d;
update marketing.campaigns set campaign_name = '{day}' where id = 9301;

create temporary table run as select * from marketing._run_insight_rules('{threshold}', null, null);
select is((select count(*) from run where is_changed), 2::bigint, 'two workspaces are told');
select results_eq(
  $$
    select i.marketing_account_id, i.campaign_id, i.rule_code, i.dedupe_key, i.type::text, i.category::text, i.priority::text, i.title::text,
      i.description, i.suggested_action, i.potential_impact, i.metric, i.first_day, i.last_day, i.outcome_days, i.created_at, i.expires_at
    from marketing.insights as i where i.workspace_id = 9001
  $$,
  $$
    values (
      9201::bigint, 9301::bigint, 'dear', 'dear:campaign 9301', 'warning', 'budget', 'high', '{day} of G: 600 KRW, not 200 KRW (–)',
      '2026-11-17, 3 days, cpc, 200 KRW', 'less', 200.00, 'cpc', '2026-11-17'::date, '2026-11-17'::date, 14,
      '2026-11-18 03:00+00'::timestamptz, '2026-11-22 00:00+09'::timestamptz
    )
  $$, 'in words, with figures; it stands for three days after this one'
);
select is(
  (select i.evidence from marketing.insights as i where i.workspace_id = 9001),
  '{"day": "2026-11-17", "metric": "cpc", "value": 600, "expected": 200, "currency": "KRW", "window_days": 3, "days": 3, "impressions": 30, "clicks": 3, "cost": 1800, "conversions": 0, "revenue": 0}'::jsonb,
  'what it rests on'
);
select is(
  (select i.title::text from marketing.insights as i where i.workspace_id = 9002), 'C9 of m1: 250.00 USD, not 200.00 USD (–)', 'an account without a name, in its currency'
);

select is((select count(*) from marketing._run_insight_rules('{threshold}', null, null) as r where r.is_changed), 0::bigint, 'the same again changes nothing');
select is((select count(*) from marketing._run_insight_rules('{change}', null, null)), 0::bigint, 'of the kinds that are asked for');

-- the next day it still holds, with other figures
set local moadb.now = '2026-11-19 03:00+00';
select pg_temp.day(9301, '2026-11-18', 10, 1, 300, 0);
select is((select count(*) from marketing._run_insight_rules('{threshold}', 9001, null) as r where r.is_changed), 1::bigint, 'refreshed');
select results_eq(
  $$ select i.id = (select min(r.insight_id) from run as r), i.title::text, i.first_day, i.last_day, i.created_at, i.expires_at from marketing.insights as i where i.workspace_id = 9001 $$,
  $$ values (true, '{day} of G: 500 KRW, not 200 KRW (–)', '2026-11-17'::date, '2026-11-18'::date, '2026-11-18 03:00+00'::timestamptz, '2026-11-23 00:00+09'::timestamptz) $$,
  'and not doubled'
);
select is((select count(*) from marketing._run_insight_rules('{threshold}', 9001, '2026-11-17') as r where r.is_changed), 0::bigint, 'what was before does not come back');

-- dismissed: it is not told again, while it is found
update marketing.insights set dismissed_at = '2026-11-19 04:00+00' where workspace_id = 9001;
set local moadb.now = '2026-11-20 03:00+00';
select pg_temp.day(9301, '2026-11-19', 10, 1, 300, 0);
select marketing._run_insight_rules('{threshold}', 9001, null);
select results_eq(
  $$ select i.last_day, i.dismissed_at is not null from marketing.insights as i where i.workspace_id = 9001 $$, $$ values ('2026-11-19'::date, true) $$, 'still dismissed'
);

-- applied: it stays as it was
update marketing.insights set dismissed_at = null, is_applied = true, applied_at = '2026-11-20 03:00+00' where workspace_id = 9001;
set local moadb.now = '2026-11-21 03:00+00';
select pg_temp.day(9301, '2026-11-20', 10, 1, 900, 0);
select is((select count(*) from marketing._run_insight_rules('{threshold}', 9001, null) as r where r.is_changed), 0::bigint, 'applied');
select is((select i.last_day from marketing.insights as i where i.workspace_id = 9001), '2026-11-19', 'as it was');

-- it has expired, and holds again
set local moadb.now = '2026-11-24 03:00+00';
select pg_temp.day(9301, d::date, 10, 1, 900, 0) from generate_series('2026-11-21', '2026-11-23', interval '1 day') as d;
select is((select count(*) from marketing._run_insight_rules('{threshold}', 9001, null) as r where r.is_changed), 1::bigint, 'told anew');
select results_eq(
  $$ select i.first_day, i.closed_at, i.is_applied from marketing.insights as i where i.workspace_id = 9001 order by i.id $$,
  $$ values ('2026-11-17'::date, '2026-11-24 03:00+00'::timestamptz, true), ('2026-11-23', null, false) $$, 'beside the one of last time'
);

-- days that lie further apart than it lives are two times, even when they are looked at in one go
update marketing.insights set expires_at = '2027-12-01' where closed_at is null;
select pg_temp.day(9301, '2026-11-30', 10, 1, 900, 0);
set local moadb.now = '2026-12-01 03:00+00';
select is((select count(*) from marketing._run_insight_rules('{threshold}', 9001, null) as r where r.is_changed), 1::bigint, 'another time');
select is((select count(*) from marketing.insights as i where i.workspace_id = 9001 and i.closed_at is null), 1::bigint, 'one stands');

-- a rule of each kind is put into words
delete from marketing.insights;
delete from marketing.insight_rules;
insert into marketing.insight_rules (
  code, kind, type, category, metric, comparison, threshold, window_days, baseline_days, minimum_days, title
)
values
  ('c', 'change', 'warning', 'budget', 'clicks', '>', 50, 7, 14, 14, '{campaign} {value} {expected} {change} {days}'),
  ('a', 'anomaly', 'warning', 'budget', 'clicks', '>', 3.5, 1, 84, 8, '{campaign} {value} {expected} {change} {z} {day}'),
  ('g', 'gap', 'warning', 'tracking', null, '>=', 1, 7, 28, 3, '{campaign} {value} {days}'),
  ('t', 'tracking', 'warning', 'tracking', null, '>=', 5, 7, 28, 14, '{campaign} {value} {expected} {since}');
delete from marketing.campaign_daily;
set local moadb.now = '2026-11-18 03:00+00';
select pg_temp.day(9302, '2026-11-17'::date - n, 1000, case when n = 0 then 200 else 20 end, 0, case when n < 5 then 0 else 1 end)
from generate_series(0, 70) as n where n <> 1;
select results_eq(
  $$
    select i.title::text, i.potential_impact, i.metric
    from marketing._run_insight_rules('{threshold,change,anomaly,gap,tracking}', 9001, null) as r
    join marketing.insights as i on i.id = r.insight_id
    order by 1
  $$,
  $$ select null::text, null::numeric, null::text where false $$, 'a statement does not see what it has written itself'
);
-- 5 × 20 + 200 = 300 clicks on 6 days: 50 a day, from 20; since the 13th 3 × 20 + 200 = 260 clicks at 1 of 20: 13
select results_eq(
  $$ select i.title::text, i.potential_impact, i.metric from marketing.insights as i where i.workspace_id = 9001 order by 1 $$,
  $$
    values
      ('C2 0 13 2026-11-13', 100.00, 'conversions'),
      ('C2 200 20 900.00 – 2026-11-17', 900, 'clicks'),
      ('C2 50 20 150.00 14', 150, 'clicks'),
      ('G 1 2026-11-16', null, null)
  $$, 'each kind'
);

select * from finish();
rollback;
