begin;
select plan(13);

select has_function('marketing', '_maturity', array['bigint', 'text', 'integer']);
select function_returns('marketing', '_maturity', array['bigint', 'text', 'integer'], 'setof record');
select volatility_is('marketing', '_maturity', array['bigint', 'text', 'integer'], 'stable');
select isnt_definer('marketing', '_maturity', array['bigint', 'text', 'integer']);
select ok(not has_function_privilege('marketing_app', 'marketing._maturity(bigint, text, integer)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._maturity(bigint, text, integer)', 'execute'), 'operators may not');

\ir figures.psql
set local moadb.now = '2026-03-31 12:00+09';
set local moadb.loading = 'on';

-- campaign 11: its 1st was known with 4 conversions on the 2nd at noon, with 8 on the 3rd at noon, with 10 from the 5th; its 2nd first on the 4th
insert into marketing.campaign_metrics (campaign_id, date, hour, conversions, cost, updated_at)
values
  (11, '2026-03-01', null, 10, 5, '2026-03-05 12:00+09'), (11, '2026-03-02', null, 6, 5, '2026-03-04 12:00+09'),
  (12, '2026-03-01', 3, 5, 1, '2026-03-01 20:00+09'), (12, '2026-03-01', 4, 1, 1, '2026-03-04 20:00+09'),
  (21, '2026-03-01', null, 99, 1, '2026-03-02 00:00+09');
insert into marketing.campaign_metric_versions (campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, snapshot_at, recorded)
values
  (11, '2026-03-01', null, 0, 0, 5, 4, 0, 0, 0, 0, 0, now(), '[2026-03-02 12:00+09,2026-03-03 12:00+09)'),
  (11, '2026-03-01', null, 0, 0, 5, 8, 0, 0, 0, 0, 0, now(), '[2026-03-03 12:00+09,2026-03-05 12:00+09)'),
  (11, '2026-03-01', 1, 0, 0, 5, 3, 0, 0, 0, 0, 0, now(), '[2026-03-01 12:00+09,2026-03-03 12:00+09)');
select marketing._roll_up(array_agg(m.campaign_id), array_agg(m.date)) from marketing.campaign_metrics as m;

select results_eq(
  $$ select m.age, m.campaign_days, m.known, m.final, m.share from marketing._maturity(1, 'conversions', 5) as m $$,
  $$ values
    (0, 2::bigint, 8::numeric, 16::numeric, 0.5), (1, 2, 9, 16, 0.5625), (2, 3, 19, 22, 0.863636), (3, 3, 20, 22, 0.909091), (4, 3, 22, 22, 1), (5, 3, 22, 22, 1) $$,
  'at each midnight what was known then: an hour until there was a day, hours as they came'
);
select is((select m.share from marketing._maturity(1, 'cost', 5) as m where m.age = 0), round(6 / 7.0, 6), 'of another measure');
select is((select count(*) from marketing._maturity(1, 'revenue', 5) as m where m.share is null), 6::bigint, 'nothing came: nothing to compare with');
select is((select count(*) from marketing._maturity(1, 'conversions', 30)), 0::bigint, 'nothing is old enough');
select is((select max(m.final) from marketing._maturity(2, 'conversions', 5) as m), 99::numeric, 'another account');
-- a day that was taken back at once, and hours in its place; later the day is told again, and the mark is a version
update marketing.campaign_metrics as m set is_retracted = true, conversions = 0, cost = 0 where m.campaign_id = 11 and m.date = '2026-03-01' and m.hour is null;
insert into marketing.campaign_metrics (campaign_id, date, hour, conversions, updated_at) values (11, '2026-03-01', 5, 9, '2026-03-05 12:00+09');
select marketing._roll_up(array[11], array[date '2026-03-01']);
select results_eq(
  $$ select m.age, m.known, m.final from marketing._maturity(1, 'conversions', 5) as m where m.age in (3, 4) $$,
  $$ values (3, 20::numeric, 21::numeric), (4, 21, 21) $$, 'the hours are what is known of a day that was taken back'
);
set local moadb.now = '2026-07-31 12:00+09';
select is((select count(*) from marketing._maturity(1, 'conversions', 5)), 0::bigint, 'nor what is too old');

select * from finish();
rollback;
