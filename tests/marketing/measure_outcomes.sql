begin;
select plan(19);

select has_function('marketing', 'measure_outcomes', '{integer}'::name[]);
select volatility_is('marketing', 'measure_outcomes', '{integer}'::name[], 'volatile');
select is_definer('marketing', 'measure_outcomes', '{integer}'::name[]);
select function_privs_are('marketing', 'measure_outcomes', '{integer}'::name[], 'marketing_app', '{}');
select function_privs_are('marketing', 'measure_outcomes', '{integer}'::name[], 'marketing_admin', '{EXECUTE}');

\ir insights.psql
\ir told.psql

-- applied at noon of 18 November in Seoul; 14 days from the 19th to 2 December, against 4 to 17 November: weekday by weekday
update marketing.insights set is_applied = true, applied_at = '2026-11-18 03:00+00', outcome_due = '2026-12-03' where id = -899;
-- 9301: 100 for 10 clicks before, 10 a click; after it 75 for 10: 7.5. On the day itself and further away anything.
select pg_temp.day(9301, d::date, 1000, 10, case when d < '2026-11-18' then 100 else 75 end, 0)
from generate_series('2026-11-04', '2026-12-02', interval '1 day') as d where d <> '2026-11-18';
select pg_temp.day(9301, d, 1000, 10, 9000, 0) from unnest('{2026-11-03,2026-11-18,2026-12-03}'::date[]) as d;

set local moadb.now = '2026-12-02 14:59+00';
set local role marketing_admin;
select is(marketing.measure_outcomes(), 0::bigint, 'the 14 days are not over');
set local moadb.now = '2026-12-02 15:00+00';
select is(marketing.measure_outcomes(), 1::bigint, 'they are');
select is(marketing.measure_outcomes(), 0::bigint, 'once');
reset role;
select is(
  (select i.outcome from marketing.insights as i where i.id = -899),
  '{"metric": "cpc", "before": 10, "after": 7.5, "change": -25.00, "control_before": null, "control_after": null, "control_change": null,
    "effect": null, "control_campaigns": 0, "days": 14, "applied_on": "2026-11-18", "measured_on": "2026-12-03"}'::jsonb,
  'before and after; nothing to compare with'
);

-- the other campaigns went from 10 to 9 in the meantime: 0.75 / 0.9 = 0.8333
select pg_temp.day(9302, d::date, 1000, 10, case when d < '2026-11-18' then 100 else 90 end, 0)
from generate_series('2026-11-04', '2026-12-02', interval '1 day') as d;
-- one that began after it, one on which something else was applied, and one of another account say nothing
select pg_temp.day(c, d::date, 1000, 10, 5000, 0)
from unnest('{9303,9304,9309}'::bigint[]) as c, generate_series('2026-11-04', '2026-12-02', interval '1 day') as d
where c <> 9303 or d > '2026-11-18';
update marketing.insights set is_applied = true, applied_at = '2026-11-30', campaign_id = 9304 where id = -898;
update marketing.insights set outcome_checked_on = null, outcome = null where id = -899;
select is(marketing.measure_outcomes(), 1::bigint, 'anew');
select is(
  (select i.outcome from marketing.insights as i where i.id = -899),
  '{"metric": "cpc", "before": 10, "after": 7.5, "change": -25.00, "control_before": 10, "control_after": 9, "control_change": -10.00,
    "effect": -16.67, "control_campaigns": 1, "days": 14, "applied_on": "2026-11-18", "measured_on": "2026-12-03"}'::jsonb,
  'what it is beyond the others'
);

-- a sum is taken by the day; a day without figures of the account is left out with its counterpart: the 20th with the 13th
update marketing.insights set outcome_checked_on = null, outcome = null, metric = 'clicks' where id = -899;
update marketing.campaign_daily set clicks = case when date < '2026-11-18' then 10 else 15 end where campaign_id = 9301;
update marketing.campaign_daily set clicks = 1000 where campaign_id = 9301 and date = '2026-11-13';
delete from marketing.campaign_daily where date = '2026-11-20';
select marketing.measure_outcomes();
select is(
  (select i.outcome - '{metric,applied_on,measured_on,control_campaigns}'::text[] from marketing.insights as i where i.id = -899),
  '{"before": 10, "after": 15, "change": 50.00, "control_before": 10, "control_after": 10, "control_change": 0.00, "effect": 50.00, "days": 13}'::jsonb,
  'as hand-computed'
);

-- days that are no whole weeks: of 3 days from the 19th, Thursday to Saturday, against Thursday to Saturday the week before
update marketing.insights set outcome_checked_on = null, outcome = null, outcome_days = 3, outcome_due = '2026-12-03' where id = -899;
update marketing.campaign_daily set clicks = 40 where campaign_id = 9301 and date in ('2026-11-12', '2026-11-14');
update marketing.campaign_daily set clicks = 20 where campaign_id = 9301 and date in ('2026-11-19', '2026-11-21');
select marketing.measure_outcomes();
select is(
  (select i.outcome - '{metric,applied_on,measured_on,control_campaigns,control_before,control_after,control_change,effect}'::text[] from marketing.insights as i where i.id = -899),
  '{"before": 40, "after": 20, "change": -50.00, "days": 2}'::jsonb, 'the same weekdays'
);

-- no figures, no outcome; it is tried again while that may help
update marketing.insights set outcome_checked_on = null, outcome = null, campaign_id = 9308 where id = -899;
select is(marketing.measure_outcomes(), 1::bigint, 'nothing to measure');
select is(marketing.measure_outcomes(), 0::bigint, 'which is looked for once a day');
select is(marketing.measure_outcomes(-1), 0::bigint, 'none');
select is((select i.outcome from marketing.insights as i where i.id = -899), null, 'is null');
select pg_temp.day(9308, '2026-11-14', 1000, 10, 100, 0), pg_temp.day(9308, '2026-11-21', 1000, 20, 100, 0);
set local moadb.now = '2027-02-01 03:00+00';
select is(marketing.measure_outcomes(), 0::bigint, 'too late');
set local moadb.now = '2027-01-31 03:00+00';
select is(marketing.measure_outcomes(), 1::bigint, 'after 59 days');

select * from finish();
rollback;
