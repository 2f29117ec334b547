begin;
select plan(13);

select has_function('marketing', 'maturity_curve', array['bigint', 'text', 'integer']);
select function_returns('marketing', 'maturity_curve', array['bigint', 'text', 'integer'], 'setof record');
select volatility_is('marketing', 'maturity_curve', array['bigint', 'text', 'integer'], 'stable');
select is_definer('marketing', 'maturity_curve', array['bigint', 'text', 'integer']);
select ok(has_function_privilege('marketing_app', 'marketing.maturity_curve(bigint, text, integer)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.maturity_curve(bigint, text, integer)', 'execute'), 'operators may');

\ir figures.psql
set local moadb.now = '2026-03-31 12:00+09';
set local moadb.loading = 'on';
insert into marketing.campaign_metrics (campaign_id, date, conversions, updated_at) values (11, '2026-03-01', 10, '2026-03-04 12:00+09');
insert into marketing.campaign_metric_versions (campaign_id, date, hour, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, snapshot_at, recorded)
values (11, '2026-03-01', null, 0, 0, 5, 4, 0, 0, 0, 0, 0, now(), '[2026-03-02 00:00+09,2026-03-04 12:00+09)');
select marketing._roll_up('{11}', '{2026-03-01}');
select results_eq(
  $$ select c.age, c.campaign_days, c.known, c.final, c.share from marketing.maturity_curve(1, 'conversions', 4) as c $$,
  $$ values (0, 1::bigint, 4::numeric, 10::numeric, 0.4), (1, 1, 4, 10, 0.4), (2, 1, 4, 10, 0.4), (3, 1, 10, 10, 1), (4, 1, 10, 10, 1) $$, 'what was known when'
);
select throws_ok($$ select * from marketing.maturity_curve(-1) $$, 'MM007', null, 'an account that there is not');
select throws_ok($$ select * from marketing.maturity_curve(1, 'roas') $$, 'MM005', null, 'a ratio');
select throws_ok($$ select * from marketing.maturity_curve(1, null) $$, 'MM004', null, 'nothing');
select throws_ok($$ select * from marketing.maturity_curve(1, 'cost', 61) $$, 'MM005', null, 'too long');
select pg_temp.act_as(2);
select is((select count(*) from marketing.maturity_curve(1, 'conversions', 4)), 5::bigint, 'a viewer may read');
select pg_temp.act_as(3);
select throws_ok($$ select * from marketing.maturity_curve(1) $$, 'MM007', null, 'others not');
reset role;

select * from finish();
rollback;
