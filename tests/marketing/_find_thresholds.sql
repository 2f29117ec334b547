begin;
select plan(9);

select has_function('marketing', '_find_thresholds', array['bigint', 'date']);
select volatility_is('marketing', '_find_thresholds', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_find_thresholds', array['bigint', 'date']);
select function_privs_are('marketing', '_find_thresholds', array['bigint', 'date'], 'marketing_app', '{}');

\ir insights.psql

delete from marketing.insight_rules;
insert into marketing.insight_rules (
  code, kind, type, category, metric, comparison, threshold, window_days, minimum, minimum_days, title
)
values
  ('low', 'threshold', 'warning', 'budget', 'roas', '<', 1, 3, '{"clicks": 30}', 2, 'x'),
  ('dear', 'threshold', 'warning', 'budget', 'cost', '>=', 900, 2, '{}', 1, 'x'),
  ('off', 'threshold', 'warning', 'budget', 'cost', '>', 0, 2, '{}', 1, 'x');
update marketing.insight_rules set is_active = false where code = 'off';

-- 9301: 30 clicks, 600 spent, 540 earned on three days: 0.9; the day before the window would save it
select pg_temp.day(9301, '2026-11-14', 100, 10, 100, 1, 9999);
select pg_temp.day(9301, d::date, 100, 10, 200, 1, 180) from generate_series('2026-11-15', '2026-11-17', interval '1 day') as d;
-- 9302: too few clicks; 9303: on one day only; 9304: just 1; 9305: nothing spent; 9306: paused
select pg_temp.day(9302, d::date, 100, 9, 200, 1, 180) from generate_series('2026-11-15', '2026-11-17', interval '1 day') as d;
select pg_temp.day(9303, '2026-11-17', 100, 30, 200, 1, 180);
select pg_temp.day(9304, d::date, 100, 15, 200, 1, 200) from generate_series('2026-11-16', '2026-11-17', interval '1 day') as d;
select pg_temp.day(9305, d::date, 100, 15, 0, 1, 0) from generate_series('2026-11-16', '2026-11-17', interval '1 day') as d;
select pg_temp.day(9306, d::date, 100, 15, 200, 1, 0) from generate_series('2026-11-16', '2026-11-17', interval '1 day') as d;
update marketing.campaigns set status = 'paused' where id = 9306;
-- 9307: 450 and 450 on the two days of the window, more before it
select pg_temp.day(9307, d::date, 100, 1, 450, 0, 0) from generate_series('2026-11-10', '2026-11-17', interval '1 day') as d;

select results_eq(
  $$ select rule_code, marketing_account_id, campaign_id, day, direction, trim_scale(value), expected, evidence from marketing._find_thresholds(null, null) order by 1 $$,
  $$
    values
      ('dear', 9201::bigint, 9307::bigint, '2026-11-17'::date, null::text, 900::numeric, 900::numeric,
        '{"window_days": 2, "days": 2, "impressions": 200, "clicks": 2, "cost": 900, "conversions": 0, "revenue": 0}'::jsonb),
      ('low', 9201, 9301, '2026-11-17', null, 0.9, 1,
        '{"window_days": 3, "days": 3, "impressions": 300, "clicks": 30, "cost": 600, "conversions": 3, "revenue": 540}')
  $$, 'ratios of sums over the window; enough clicks, enough days, running'
);
select results_eq(
  $$ select rule_code, campaign_id from marketing._find_thresholds(9001, '2026-11-14') $$, $$ values ('dear', 9307::bigint) $$, 'of another day'
);
select is_empty($$ select from marketing._find_thresholds(9002, null) $$, 'of another workspace');

update marketing.insight_rules set settle_days = 3 where code = 'dear';
select results_eq(
  $$ select rule_code, day from marketing._find_thresholds(9001, null) where campaign_id = 9307 $$, $$ values ('dear', '2026-11-14'::date) $$, 'three days to settle'
);
select results_eq(
  $$ select rule_code, day from marketing._find_thresholds(9001, '2026-11-17') where campaign_id = 9307 $$, $$ values ('dear', '2026-11-17'::date) $$,
  'the day that is asked for'
);

select * from finish();
rollback;
