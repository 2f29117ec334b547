begin;
select plan(40);
\ir budgets.psql

select has_function('marketing', 'edit_budget', array['bigint', 'jsonb']);
select function_returns('marketing', 'edit_budget', array['bigint', 'jsonb'], 'void');
select volatility_is('marketing', 'edit_budget', array['bigint', 'jsonb'], 'volatile');
select is_definer('marketing', 'edit_budget', array['bigint', 'jsonb']);

select ok(has_function_privilege('marketing_app', 'marketing.edit_budget(bigint, jsonb)', 'execute'), 'applications may call it');
create temporary table b on commit drop as
select
  marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[]) as june,
  marketing.create_budget(1, 'Daily', 100, 'daily', '2026-06-01', '2026-06-30', p_campaign_ids => array[11]::bigint[]) as daily;
select marketing.act_as(2);

-- T12: a level is told once, and again after the budget was raised
select pg_temp.spend(11, '2026-06-01', 790), pg_temp.spend(11, '2026-06-02', 10), pg_temp.spend(11, '2026-06-03', 50);
select is(pg_temp.told(b.june), '1 spent 80.00', '80 per cent, once') from b;
select lives_ok($$ select marketing.edit_budget((select june from b), '{"amount": 2000}') $$, 'raised');
select is(pg_temp.told(b.june), '1 spent 80.00', '42 per cent of it are nothing to tell') from b;
select pg_temp.spend(11, '2026-06-04', 740);
select is(pg_temp.told(b.june), '1 spent 80.00', 'nor 79.5') from b;
select pg_temp.spend(11, '2026-06-05', 10);
select is(pg_temp.told(b.june), '1 spent 80.00, 2 spent 80.00', '80 per cent, again') from b;
select pg_temp.spend(11, '2026-06-05', 0), pg_temp.spend(11, '2026-06-05', 20);
select is(pg_temp.told(b.june), '1 spent 80.00, 2 spent 80.00', 'not again when it falls and rises') from b;
select marketing.edit_budget(b.june, '{"amount": 1900}') from b;
select is(pg_temp.told(b.june), '1 spent 80.00, 2 spent 80.00', 'nor when the budget is lowered') from b;
select marketing.edit_budget(b.june, '{"amount": 1500}') from b;
select is(pg_temp.told(b.june), '1 spent 80.00, 2 spent 80.00, 2 spent 100.00', 'but what it reaches then is') from b;
select marketing.edit_budget(b.june, '{"amount": 1990}') from b;
select is(pg_temp.told(b.june), '1 spent 80.00, 2 spent 80.00, 2 spent 100.00, 3 spent 80.00', 'raised a little: told at once') from b;
select marketing.edit_budget(b.june, '{"alert_threshold": 80.5}') from b;
select is(pg_temp.told(b.june), '1 spent 80.00, 2 spent 80.00, 2 spent 100.00, 3 spent 80.00, 3 spent 80.50', 'another level') from b;
select results_eq(
  'select c.revision, c.total_amount, c.changed_by from marketing.budget_changes as c where c.budget_id = (select june from b) order by c.id',
  $$ values (1, 1000::numeric, null), (2, 2000, '2'), (2, 1900, '2'), (2, 1500, '2'), (3, 1990, '2') $$, 'all of it is recorded'
);

select marketing.edit_budget(b.june, '{"start_date": "2026-06-04", "end_date": "2026-07-03", "name": "Later", "pacing": "weekday"}') from b;
select is(pg_temp.spent(b.june), 760::numeric, 'other days') from b;
select results_eq(
  'select b.name::text, b.pacing::text, b.start_date, b.end_date, b.revision from marketing.budgets as b where b.id = (select june from b)',
  $$ values ('Later', 'weekday', date '2026-06-04', date '2026-07-03', 4) $$, 'and names, and the next revision'
);
select marketing.edit_budget(b.june, '{}'), marketing.edit_budget(b.june, '{"amount": 1990}') from b;
select is((select v.revision from marketing.budgets as v where v.id = b.june), 4, 'nothing new, no revision') from b;
select marketing.edit_budget(b.daily, '{"amount": 200, "end_date": "2026-06-10"}') from b;
select results_eq(
  'select v.daily_amount, v.total_amount from marketing.budgets as v where v.id = (select daily from b)', 'values (200::numeric, 2000::numeric)', 'of a daily budget the amount is that of a day'
);
select marketing.edit_budget(b.daily, '{"end_date": "2026-06-11"}') from b;
select is((select v.total_amount from marketing.budgets as v where v.id = b.daily), 2200::numeric, 'and the total follows the days') from b;

select throws_ok($$ select marketing.edit_budget((select june from b), '{"amount": 0}') $$, 'MM092', null, 'nothing to spend');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"amount": null}') $$, 'MM092', null, 'no amount');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"amount": "much"}') $$, 'MM092', null, 'no number');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"amount": 0.5}') $$, 'MM005', null, 'half a won');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"name": null}') $$, 'MM092', null, 'no name');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"start_date": "2026-08-01"}') $$, 'MM092', null, 'the end before the start');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"end_date": "some day"}') $$, 'MM092', null, 'no date');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"amount": "1_990"}') $$, 'MM092', null, 'a number in one version of the server');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"alert_threshold": "0x50"}') $$, 'MM092', null, 'nor in another base');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"start_date": "06/04/2026"}') $$, 'MM092', null, 'a date of somebody''s session');
select lives_ok($$ select marketing.edit_budget((select june from b), '{"amount": "1990", "start_date": "2026-06-04"}') $$, 'digits');
select throws_ok($$ select marketing.edit_budget((select june from b), '{"currency": "USD", "spent_amount": 0}') $$, 'MM005', 'p_changes currency, spent_amount is not accepted: no such term of a budget is changed', 'what does not change');
select throws_ok($$ select marketing.edit_budget((select june from b), '[]') $$, 'MM005', null, 'no object');
select throws_ok($$ select marketing.edit_budget((select june from b), null) $$, 'MM005', null, 'nothing');
select throws_ok($$ select marketing.edit_budget(-1, '{}') $$, 'MM090', null, 'no such budget');
select marketing.act_as(3);
select throws_ok($$ select marketing.edit_budget((select june from b), '{"amount": 1}') $$, 'MM002', null, 'a viewer does not');
select marketing.act_as(4);
select throws_ok($$ select marketing.edit_budget((select june from b), '{"amount": 1}') $$, 'MM090', null, 'nor a stranger');
select marketing.act_as(1);
select marketing.close_budget(b.june) from b;
select throws_ok($$ select marketing.edit_budget((select june from b), '{"amount": 1}') $$, 'MM091', null, 'nor anybody, once it is closed');
select is((select count(*) from platform.check_invariants() as c where c.invariant like 'marketing.budget%' and c.violations > 0), 0::bigint, 'the invariants hold');

select * from finish();
rollback;
