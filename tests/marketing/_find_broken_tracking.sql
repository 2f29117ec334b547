begin;
select plan(12);

select has_function('marketing', '_find_broken_tracking', array['bigint', 'date']);
select volatility_is('marketing', '_find_broken_tracking', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_find_broken_tracking', array['bigint', 'date']);
select function_privs_are('marketing', '_find_broken_tracking', array['bigint', 'date'], 'marketing_app', '{}');

\ir insights.psql

delete from marketing.insight_rules;
insert into marketing.insight_rules (
  code, kind, type, category, comparison, threshold, window_days, baseline_days, minimum, minimum_days, title
)
values ('dead', 'tracking', 'warning', 'tracking', '>=', 5, 7, 28, '{"clicks": 50}', 14, 'x');

create function pg_temp.days(p_campaign bigint, p_from date, p_to date, p_clicks bigint, p_conversions numeric)
returns void language sql as $$
  select pg_temp.day(p_campaign, d::date, p_clicks * 10, p_clicks, 0, p_conversions) from generate_series(p_from, p_to, interval '1 day') as d
$$;
-- baseline 14 October to 10 November, 28 days: 2800 clicks, 56 conversions, so 2 of 100
-- 9301: conversions to the 14th, then none of 100 clicks a day: 6 were to be expected of 300
select pg_temp.days(9301, '2026-10-14', '2026-11-14', 100, 2), pg_temp.days(9301, '2026-11-15', '2026-11-17', 100, 0);
-- 9302: goes on
select pg_temp.days(9302, '2026-10-14', '2026-11-17', 100, 2);
-- 9303: since the 16th, 4 to be expected; 9304: clicks have gone, too (to 40 of 100); 9305: new
select pg_temp.days(9303, '2026-10-14', '2026-11-15', 100, 2), pg_temp.days(9303, '2026-11-16', '2026-11-17', 100, 0);
select pg_temp.days(9304, '2026-10-14', '2026-11-10', 100, 5), pg_temp.days(9304, '2026-11-11', '2026-11-17', 40, 0);
select pg_temp.days(9305, '2026-10-29', '2026-11-10', 100, 5), pg_temp.days(9305, '2026-11-11', '2026-11-17', 100, 0);
-- 9306: never had conversions; 9307: since before the window, which is as far as is looked
select pg_temp.days(9306, '2026-10-14', '2026-11-17', 100, 0);
select pg_temp.days(9307, '2026-10-14', '2026-11-06', 100, 7), pg_temp.days(9307, '2026-11-07', '2026-11-17', 50, 0);

select results_eq(
  $$ select campaign_id, day, trim_scale(value), trim_scale(expected), evidence from marketing._find_broken_tracking(9001, null) order by 1 $$,
  $$
    values
      (9301::bigint, '2026-11-17'::date, 0::numeric, 6::numeric,
        '{"since": "2026-11-15", "clicks": 300, "past_days": 28, "past_clicks": 2800, "past_conversions": 56}'::jsonb),
      -- 24 × 100 + 4 × 50 = 2600 clicks, 168 conversions; 350 × 168 / 2600 = 22.62
      (9307, '2026-11-17', 0, 22.62,
        '{"since": "2026-11-11", "clicks": 350, "past_days": 28, "past_clicks": 2600, "past_conversions": 168}')
  $$, 'as hand-computed'
);
update marketing.insight_rules set minimum = '{"clicks": 301}';
select results_eq($$ select campaign_id from marketing._find_broken_tracking(9001, null) $$, $$ values (9307::bigint) $$, 'clicks since the last conversion');
update marketing.insight_rules set minimum = '{}';

-- one conversion today, or half of one, and it is alive
update marketing.campaign_daily set conversions = 0.5 where campaign_id = 9307 and date = '2026-11-17';
select results_eq($$ select campaign_id from marketing._find_broken_tracking(9001, null) $$, $$ values (9301::bigint) $$, 'alive');

update marketing.insight_rules set settle_days = 4;
select is_empty($$ select from marketing._find_broken_tracking(9001, null) where campaign_id = 9301 $$, 'on the 13th it was alive');
select isnt_empty($$ select from marketing._find_broken_tracking(9001, '2026-11-17') where campaign_id = 9301 $$, 'the day that is asked for');
update marketing.insight_rules set settle_days = 0;

-- all of them: the account is told, not each campaign
update marketing.campaign_daily set conversions = 0 where campaign_id <> 9309 and date >= '2026-11-13';
select results_eq(
  $$ select marketing_account_id, campaign_id, evidence ->> 'since' from marketing._find_broken_tracking(9001, null) $$,
  $$ values (9201::bigint, null::bigint, '2026-11-13') $$, 'of the account'
);
-- when only one had conversions it is that campaign's
update marketing.campaign_daily set conversions = 0 where campaign_id <> 9301;
select results_eq(
  $$ select campaign_id, evidence ->> 'since' from marketing._find_broken_tracking(9001, null) $$, $$ values (9301::bigint, '2026-11-13') $$, 'of the campaign'
);
update marketing.campaigns set status = 'paused' where id = 9301;
select is_empty($$ select from marketing._find_broken_tracking(9001, null) $$, 'paused');

select * from finish();
rollback;
