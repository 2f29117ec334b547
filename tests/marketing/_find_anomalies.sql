begin;
select plan(17);

select has_function('marketing', '_find_anomalies', array['bigint', 'date']);
select volatility_is('marketing', '_find_anomalies', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_find_anomalies', array['bigint', 'date']);
select function_privs_are('marketing', '_find_anomalies', array['bigint', 'date'], 'marketing_app', '{}');

\ir insights.psql

delete from marketing.insight_rules;
insert into marketing.insight_rules (
  code, kind, type, category, metric, comparison, threshold, window_days, baseline_days, minimum, minimum_days, minimum_change, title
)
values
  ('cost', 'anomaly', 'warning', 'budget', 'cost', '<>', 3.5, 1, 84, '{"clicks": 10}', 8, 20, 'x'),
  ('cpc', 'anomaly', 'warning', 'budget', 'cpc', '>', 3.5, 1, 84, '{"clicks": 10}', 8, 20, 'x');

create function pg_temp.tuesdays(p_campaign bigint, p_clicks bigint, p_costs numeric[]) returns void language sql as $$
  select pg_temp.day(p_campaign, '2026-11-17'::date - 7 * n::integer, p_clicks * 10, p_clicks, v, 0)
  from unnest(p_costs) with ordinality as c (v, n)
$$;
-- 9301: median 100, median deviation 1.5, 150: z = 0.6745 × 50 / 1.5 = 22.48; what other weekdays cost does not matter
select pg_temp.tuesdays(9301, 100, '{100,102,98,101,99,103,97,100}'), pg_temp.day(9301, '2026-11-17', 1000, 100, 150, 0);
select pg_temp.day(9301, d, 1000, 100, 900, 0) from unnest('{2026-11-16,2026-11-15,2026-11-09,2026-11-08}'::date[]) as d;
-- 9302: unusual, but by 15 % only; 9303: too few clicks on all days
select pg_temp.tuesdays(9302, 100, '{100,102,98,101,99,103,97,100}'), pg_temp.day(9302, '2026-11-17', 1000, 100, 115, 0);
select pg_temp.tuesdays(9303, 9, '{100,102,98,101,99,103,97,100}'), pg_temp.day(9303, '2026-11-17', 90, 9, 150, 0);
-- 9304: new, seven Tuesdays; 9305: paused
select pg_temp.tuesdays(9304, 100, '{100,102,98,101,99,103,97}'), pg_temp.day(9304, '2026-11-17', 1000, 100, 150, 0);
select pg_temp.tuesdays(9305, 100, '{100,102,98,101,99,103,97,100}'), pg_temp.day(9305, '2026-11-17', 1000, 100, 0, 0);
update marketing.campaigns set status = 'paused' where id = 9305;
-- 9306: delivered nothing, while its account did
select pg_temp.tuesdays(9306, 100, '{100,102,98,101,99,103,97,100}');
-- 9307: all Tuesdays alike, and this one not; 9308: with days on which it did not run, which are no baseline
select pg_temp.tuesdays(9307, 100, '{100,100,100,100,100,100,100,100}'), pg_temp.day(9307, '2026-11-17', 1000, 100, 125, 0);
select pg_temp.tuesdays(9308, 100, '{100,102,98,101,99,103,97,100,100,104}'), pg_temp.day(9308, '2026-11-17', 1000, 100, 100, 0);
update marketing.campaign_daily set impressions = 0, clicks = 0, cost = 0 where campaign_id = 9308 and date < '2026-09-20';
-- 9309, of the account in Los Angeles, where the 17th is not over: Mondays
select pg_temp.day(9309, '2026-11-16'::date - 7 * n, 1000, 100, 10 + n % 2, 0) from generate_series(1, 8) as n;
select pg_temp.day(9309, '2026-11-16', 1000, 100, 20, 0);

select results_eq(
  $$
    select rule_code, campaign_id, day, direction, trim_scale(value), trim_scale(expected), evidence
    from marketing._find_anomalies(null, null) where rule_code = 'cost' order by 2
  $$,
  $$
    values
      ('cost', 9301::bigint, '2026-11-17'::date, 'up', 150::numeric, 100::numeric,
        '{"z": 22.48, "median": 100, "mad": 1.5, "change": 50.00, "days": 8}'::jsonb),
      ('cost', 9306, '2026-11-17', 'down', 0, 100, '{"z": -44.97, "median": 100, "mad": 1.5, "change": -100.00, "days": 8}'),
      ('cost', 9307, '2026-11-17', 'up', 125, 100, '{"z": null, "median": 100, "mad": 0, "change": 25.00, "days": 8}'),
      ('cost', 9309, '2026-11-16', 'up', 20, 10.5, '{"z": 12.82, "median": 10.5, "mad": 0.5, "change": 90.48, "days": 8}')
  $$, 'as hand-computed: not by little, not of few, not new, not paused; on each account''s own day'
);
select results_eq(
  $$ select campaign_id, trim_scale(value), trim_scale(expected) from marketing._find_anomalies(9001, null) where rule_code = 'cpc' order by 1 $$,
  $$ values (9301::bigint, 1.5, 1::numeric), (9307, 1.25, 1) $$, 'a ratio needs its volume on the day, too'
);
-- while the day is being read half of the campaigns may be missing
insert into marketing.data_sync_logs (marketing_account_id, sync_type, window_from, window_to, snapshot_at, started_at, heartbeat_at)
values (9201, 'incremental', '2026-11-01', '2026-11-17', '2026-11-18', '2026-11-18', '2026-11-18');
select is_empty($$ select from marketing._find_anomalies(9001, null) $$, 'it is being read');
select isnt_empty($$ select from marketing._find_anomalies(9002, null) $$, 'which is no matter to other accounts');
update marketing.data_sync_logs set status = 'failed', completed_at = '2026-11-18';
select is_empty($$ select from marketing._find_anomalies(9001, null) $$, 'it has failed');
insert into marketing.data_sync_logs (marketing_account_id, sync_type, window_from, window_to, snapshot_at, started_at, heartbeat_at)
values (9201, 'incremental', '2026-11-01', '2026-11-17', '2026-11-18', '2026-11-18 01:00+00', '2026-11-18');
update marketing.data_sync_logs set status = 'success', completed_at = '2026-11-18 02:00+00' where status = 'in_progress';
select isnt_empty($$ select from marketing._find_anomalies(9001, null) $$, 'it was read after all');
update marketing.insight_rules set comparison = '<' where code = 'cost';
select results_eq(
  $$ select campaign_id from marketing._find_anomalies(9001, null) where rule_code = 'cost' $$, $$ values (9306::bigint) $$, 'downwards alone; whatever the sign'
);
update marketing.insight_rules set comparison = '<>', minimum_days = 9 where code = 'cost';
select is_empty($$ select from marketing._find_anomalies(9001, null) where rule_code = 'cost' $$, 'more days are asked for; those it did not run on do not count');
update marketing.insight_rules set minimum_days = null where code = 'cost';
select isnt_empty($$ select from marketing._find_anomalies(9001, null) where rule_code = 'cost' $$, 'eight, when nothing is said');
delete from marketing.campaign_daily where campaign_id = 9306 and date >= '2026-11-03';
select pg_temp.day(9306, '2026-11-17'::date - 7 * n, 1000, 100, 100, 0) from generate_series(9, 11) as n;
select is_empty(
  $$ select from marketing._find_anomalies(9001, null) where campaign_id = 9306 $$, 'what has not run for two weeks has ended'
);
-- a week ago, as figures take a week to settle
update marketing.insight_rules set settle_days = 7, minimum_days = 6 where code = 'cpc';
update marketing.campaign_daily set cost = 300 where campaign_id = 9301 and date = '2026-11-10';
select results_eq(
  $$ select campaign_id, day, trim_scale(value) from marketing._find_anomalies(9001, null) where rule_code = 'cpc' $$,
  $$ values (9301::bigint, '2026-11-10'::date, 3::numeric) $$, 'the 10th'
);
select results_eq(
  $$ select day from marketing._find_anomalies(9001, '2026-11-17') where rule_code = 'cpc' and campaign_id = 9301 $$, $$ values ('2026-11-17'::date) $$,
  'the day that is asked for'
);
update marketing.insight_rules set settle_days = 0 where code = 'cpc';
delete from marketing.campaign_daily where campaign_id between 9301 and 9308 and date = '2026-11-17';
select is_empty($$ select from marketing._find_anomalies(9001, null) $$, 'a day without figures of the account is a gap and no anomaly');

select * from finish();
rollback;
