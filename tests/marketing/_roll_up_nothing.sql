begin;
select plan(11);

select has_function('marketing', '_roll_up_nothing', array['bigint[]', 'date[]']);
select function_returns('marketing', '_roll_up_nothing', array['bigint[]', 'date[]'], 'void');
select volatility_is('marketing', '_roll_up_nothing', array['bigint[]', 'date[]'], 'volatile');
select isnt_definer('marketing', '_roll_up_nothing', array['bigint[]', 'date[]']);
select ok(not has_function_privilege('marketing_app', 'marketing._roll_up_nothing(bigint[], date[])', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._roll_up_nothing(bigint[], date[])', 'execute'), 'operators may not');

\ir figures.psql
set local moadb.loading = 'on';
select pg_temp.fact(11, '2026-01-30'), pg_temp.fact(11, '2026-02-01'), pg_temp.fact(12, '2026-02-01');
select marketing._roll_up('{11,11,12}', '{2026-01-30,2026-02-01,2026-02-01}');
delete from marketing.campaign_metrics as m where m.date = '2026-02-01' and m.campaign_id = 11;
select lives_ok($$ select marketing._roll_up_nothing('{11,11,12,11}', '{2026-01-30,2026-02-01,2026-02-01,2026-02-01}') $$, 'some have facts, one has none');
select bag_eq('select d.campaign_id, d.date from marketing.campaign_daily as d', $$ values (11::bigint, date '2026-01-30'), (12, '2026-02-01') $$, 'it has gone');
select bag_eq(
  'select t.campaign_id, t.month, t.days, t.cost from marketing.campaign_monthly as t',
  $$ values (11::bigint, date '2026-01-01', 1::smallint, 100::numeric), (12, '2026-02-01', 1, 100) $$, 'with its month'
);
select is((select t.days from marketing.campaign_weekly as t where t.campaign_id = 11), 1::smallint, 'the week keeps the other');
select is(pg_temp.broken('marketing.%is_sum_of%'), null, 'as the invariants say');

select * from finish();
rollback;
