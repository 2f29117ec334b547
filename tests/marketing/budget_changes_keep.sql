begin;
select plan(4);
\ir budgets.psql

select trigger_is('marketing', 'budget_changes', 'budget_changes_keep', 'marketing', '_keep_rows');
select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01');
select pg_temp.spend(11, '2026-06-01', 900);
select throws_ok('update marketing.budget_changes set revision = 2', 'MM006', 'update on marketing.budget_changes is refused', 'changed');
select throws_ok('delete from marketing.budget_changes', 'MM006', null, 'deleted');
select throws_ok('truncate marketing.budget_changes', 'MM006', null, 'truncated');

select * from finish();
rollback;
