begin;
select plan(4);
\ir budgets.psql

select trigger_is('marketing', 'budget_alerts', 'budget_alerts_keep', 'marketing', '_keep_rows');
select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01');
select pg_temp.spend(11, '2026-06-01', 900);
select throws_ok('update marketing.budget_alerts set revision = 2', 'MM006', 'update on marketing.budget_alerts is refused', 'changed');
select throws_ok('delete from marketing.budget_alerts', 'MM006', null, 'deleted');
select throws_ok('truncate marketing.budget_alerts', 'MM006', null, 'truncated');

select * from finish();
rollback;
