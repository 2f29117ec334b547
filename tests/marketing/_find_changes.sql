begin;
select plan(10);

select has_function('marketing', '_find_changes', array['bigint', 'date']);
select volatility_is('marketing', '_find_changes', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_find_changes', array['bigint', 'date']);
select function_privs_are('marketing', '_find_changes', array['bigint', 'date'], 'marketing_app', '{}');

\ir insights.psql

delete from marketing.insight_rules;
insert into marketing.insight_rules (
  code, kind, type, category, metric, comparison, threshold, window_days, baseline_days, minimum, minimum_days, minimum_change, title
)
values
  ('dearer', 'change', 'warning', 'budget', 'cpa', '>', 50, 7, 14, '{"conversions": 7}', 10, 0, 'x'),
  ('clicks', 'change', 'warning', 'timing', 'clicks', '<>', 10, 7, 14, '{"clicks": 70}', 10, 40, 'x');

create function pg_temp.days(p_campaign bigint, p_from date, p_to date, p_clicks bigint, p_cost numeric, p_conversions numeric)
returns void language sql as $$
  select pg_temp.day(p_campaign, d::date, p_clicks * 10, p_clicks, p_cost, p_conversions) from generate_series(p_from, p_to, interval '1 day') as d
$$;
-- window 11th to 17th, baseline 28 October to 10 November
-- 9301: 14 × 100 / 14 × 2 = 50 a conversion, then 160 / 2 = 80: +60 %
select pg_temp.days(9301, '2026-10-28', '2026-11-10', 10, 100, 2), pg_temp.days(9301, '2026-11-11', '2026-11-17', 10, 160, 2);
-- 9302: +50 % is not more than 50
select pg_temp.days(9302, '2026-10-28', '2026-11-10', 10, 100, 2), pg_temp.days(9302, '2026-11-11', '2026-11-17', 10, 150, 2);
-- 9303: too few conversions in the window; 9304: new
select pg_temp.days(9303, '2026-10-28', '2026-11-10', 10, 100, 2), pg_temp.days(9303, '2026-11-11', '2026-11-16', 10, 500, 1);
select pg_temp.days(9304, '2026-11-02', '2026-11-10', 10, 100, 2), pg_temp.days(9304, '2026-11-11', '2026-11-17', 10, 500, 2);
-- 9305: no conversions before: no change can be told
select pg_temp.days(9305, '2026-10-28', '2026-11-10', 10, 100, 0), pg_temp.days(9305, '2026-11-11', '2026-11-17', 10, 500, 2);
-- 9306: clicks 20 a day, then 10; 9307: nothing at all since; 9308: 30 a day from 20: +50 %
select pg_temp.days(9306, '2026-10-28', '2026-11-10', 20, 1, 0), pg_temp.days(9306, '2026-11-11', '2026-11-17', 10, 1, 0);
select pg_temp.days(9307, '2026-10-28', '2026-11-10', 20, 1, 0);
select pg_temp.days(9308, '2026-10-28', '2026-11-10', 20, 1, 0), pg_temp.days(9308, '2026-11-11', '2026-11-17', 30, 1, 0);

select results_eq(
  $$ select rule_code, campaign_id, direction, trim_scale(value), trim_scale(expected), (evidence ->> 'change')::numeric from marketing._find_changes(9001, null) order by 1, 2 $$,
  $$
    values
      ('clicks', 9306::bigint, 'down', 10::numeric, 20::numeric, -50.00),
      ('clicks', 9307, 'down', 0, 20, -100),
      ('clicks', 9308, 'up', 30, 20, 50),
      ('dearer', 9301, null, 80, 50, 60)
  $$, 'as hand-computed'
);

-- a day on which the account has nothing is missing, and not zero: 20 clicks a day stay 20
delete from marketing.campaign_daily where date = '2026-11-05';
delete from marketing.campaign_daily where campaign_id = 9301 and date = '2026-11-04';
select results_eq(
  $$ select rule_code, campaign_id, trim_scale(value), trim_scale(expected), evidence ->> 'past_days' from marketing._find_changes(9001, null) order by 1, 2 $$,
  $$
    values
      ('clicks', 9306::bigint, 10::numeric, 20::numeric, '13'),
      ('clicks', 9307, 0, 20, '13'),
      ('clicks', 9308, 30, 20, '13'),
      ('dearer', 9301, 80, 50, '13')
  $$, 'days without figures of the account do not count'
);
update marketing.insight_rules set minimum = '{"clicks": 141}' where code = 'clicks';
select results_eq(
  $$ select campaign_id from marketing._find_changes(9001, null) where rule_code = 'clicks' $$, $$ values (9308::bigint) $$,
  'volume of the baseline counts by the length of the window: 140 clicks; 210 after it'
);
select is_empty($$ select from marketing._find_changes(9001, '2026-11-10') $$, 'before it changed');

update marketing.insight_rules set settle_days = 7 where code = 'dearer';
select is_empty($$ select from marketing._find_changes(9001, null) where rule_code = 'dearer' $$, 'the 10th is looked at when figures take a week to settle');
select isnt_empty($$ select from marketing._find_changes(9001, '2026-11-17') where rule_code = 'dearer' $$, 'the day that is asked for');

select * from finish();
rollback;
