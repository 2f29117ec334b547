begin;
select plan(16);

select has_function('marketing', '_find_gaps', array['bigint', 'date']);
select volatility_is('marketing', '_find_gaps', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_find_gaps', array['bigint', 'date']);
select function_privs_are('marketing', '_find_gaps', array['bigint', 'date'], 'marketing_app', '{}');

\ir insights.psql

delete from marketing.insight_rules;
insert into marketing.insight_rules (
  code, kind, type, category, comparison, threshold, window_days, baseline_days, minimum_days, grace, title
)
values ('gap', 'gap', 'warning', 'tracking', '>=', 1, 7, 28, 3, '12 hours', 'x');

select pg_temp.day(9301, d::date, 100, 10, 100, 1) from generate_series('2026-10-10', '2026-11-17', interval '1 day') as d;
select pg_temp.day(9309, d::date, 100, 10, 100, 1) from generate_series('2026-10-10', '2026-11-16', interval '1 day') as d;
select is_empty($$ select from marketing._find_gaps(null, null) $$, 'nothing is missing');

delete from marketing.campaign_daily where campaign_id = 9301 and date in ('2026-11-12', '2026-11-16');
delete from marketing.campaign_daily where campaign_id = 9309 and date in ('2026-11-05', '2026-11-14');
select results_eq(
  $$ select rule_code, marketing_account_id, campaign_id, day, value, expected, evidence from marketing._find_gaps(null, null) order by 2 $$,
  $$
    values
      ('gap', 9201::bigint, null::bigint, '2026-11-17'::date, 2::numeric, null::numeric,
        '{"window_days": 7, "since": "2026-11-12", "days": ["2026-11-12", "2026-11-16"]}'::jsonb),
      ('gap', 9202, null, '2026-11-16', 1, null, '{"window_days": 7, "since": "2026-11-14", "days": ["2026-11-14"]}')
  $$, 'the days of the window that are missing, account by account'
);
-- noon of the 17th in Seoul is 12 hours after the 16th
set local moadb.now = '2026-11-17 02:59+00';
select is((select g.value from marketing._find_gaps(9001, null) as g), 1::numeric, 'the grace of the 16th is not over');
set local moadb.now = '2026-11-17 03:00+00';
select is((select g.value from marketing._find_gaps(9001, null) as g), 2::numeric, 'it is');
set local moadb.now = '2026-11-18 03:00+00';

-- a row of any campaign, paused ones too, is a figure
select pg_temp.day(9302, '2026-11-12', 0, 0, 0, 0);
update marketing.campaigns set status = 'paused' where id = 9302;
select is((select g.evidence -> 'days' from marketing._find_gaps(9001, null) as g), '["2026-11-16"]', 'another campaign has figures');

-- 9 and 16 November are Mondays: half of the four before had figures, then one
delete from marketing.campaign_daily where campaign_id = 9301 and date in ('2026-11-02', '2026-11-09');
select is((select g.evidence -> 'days' from marketing._find_gaps(9001, null) as g), '["2026-11-16"]', 'on half of the Mondays');
delete from marketing.campaign_daily where campaign_id = 9301 and date = '2026-10-26';
select is_empty($$ select from marketing._find_gaps(9001, null) $$, 'who hardly ever has figures on Mondays misses none');

select is((select g.evidence -> 'days' from marketing._find_gaps(9001, '2026-11-13') as g), '["2026-11-09"]', 'the Monday before had half of four');
delete from marketing.campaign_daily where campaign_id in (9301, 9302) and date >= '2026-11-14';
select is((select g.value from marketing._find_gaps(9001, null) as g), 3::numeric, 'four days, and a Monday that is expected of nobody');
update marketing.campaigns set status = 'paused' where id = 9301;
select is_empty($$ select from marketing._find_gaps(9001, null) $$, 'nothing is expected when all campaigns are paused');
update marketing.campaigns set status = 'active' where id = 9301;
delete from marketing.campaign_daily where campaign_id = 9301 and date < '2026-11-12';
select is_empty($$ select from marketing._find_gaps(9001, null) $$, 'nor of an account with figures of two days');
update marketing.account_connections set disconnected_at = '2026-11-17' where marketing_account_id = 9202;
select is_empty($$ select from marketing._find_gaps(null, null) $$, 'nor of one that nobody has connected');

select * from finish();
rollback;
