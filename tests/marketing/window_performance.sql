begin;
select plan(16);

select has_function('marketing', 'window_performance', array['bigint', 'text', 'date', 'date', 'text']);
select function_returns('marketing', 'window_performance', array['bigint', 'text', 'date', 'date', 'text'], 'setof record');
select volatility_is('marketing', 'window_performance', array['bigint', 'text', 'date', 'date', 'text'], 'stable');
select is_definer('marketing', 'window_performance', array['bigint', 'text', 'date', 'date', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.window_performance(bigint, text, date, date, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.window_performance(bigint, text, date, date, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.window_performance(bigint, text, date, date, text)', 'execute'), 'readers may not');

\ir team.psql

insert into marketing.window_metrics (campaign_id, date_from, date_to, metric, value, snapshot_at, updated_at)
values
  (9001, '2026-11-01', '2026-11-07', 'reach', 420, '2026-11-08', now()), (9002, '2026-11-01', '2026-11-07', 'reach', 80, '2026-11-09', now()),
  (9003, '2026-11-01', '2026-11-07', 'reach', 7, '2026-11-09', now()), (9001, '2026-11-01', '2026-11-01', 'reach', 100, '2026-11-09', now());
select pg_temp.act_as(9003);
select results_eq(
  $$ select w.campaign_id, w.campaign_name, w.value from marketing.window_performance(9001, 'reach', '2026-11-01', '2026-11-07') as w $$,
  $$ values (9001::bigint, 'Brand search', 420.000000), (9002, 'Spring', 80.000000) $$, 'a week of the workspace''s campaigns'
);
select results_eq(
  $$ select w.campaign_id from marketing.window_performance(9001, 'reach', '2026-11-01', '2026-11-01') as w $$, 'values (9001::bigint)', 'those that have it'
);
-- T14: reach summed over days or campaigns is refused
select throws_ok(
  $$ select marketing.window_performance(9001, 'reach', '2026-11-01', '2026-11-07', 'workspace') $$, 'MM052',
  'reach from 2026-11-01 to 2026-11-07 by workspace is not known, and cannot be added up from anything else', 'of all campaigns'
);
select throws_ok($$ select marketing.window_performance(9001, 'reach', '2026-11-01', '2026-11-07', null) $$, 'MM052', null, 'of nothing');
select throws_ok($$ select marketing.window_performance(9001, 'reach', '2026-11-01', '2026-11-02') $$, 'MM052', null, 'of other days');
select throws_ok($$ select marketing.window_performance(9001, 'reach', null, '2026-11-02') $$, 'MM004', null, 'since when');
select throws_ok($$ select marketing.window_performance(9001, 'reach', '2026-11-03', '2026-11-02') $$, 'MM005', null, 'backwards');
select throws_ok($$ select marketing.window_performance(9002, 'reach', '2026-11-01', '2026-11-07') $$, 'MM001', null, 'another workspace');
reset role;
select set_config('moadb.marketing_user', '', true);
set local role marketing_app;
select throws_ok($$ select marketing.window_performance(9001, 'reach', '2026-11-01', '2026-11-07') $$, 'MM003', null, 'nobody acts');

select * from finish();
rollback;
