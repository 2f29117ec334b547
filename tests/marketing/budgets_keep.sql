begin;
select plan(4);
\ir budgets.psql

select trigger_is('marketing', 'budgets', 'budgets_keep', 'marketing', '_keep_rows');
select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01');
select throws_ok('delete from marketing.budgets', 'MM006', 'delete on marketing.budgets is refused', 'deleted');
select throws_ok('truncate marketing.budgets cascade', 'MM006', null, 'truncated');
select lives_ok('update marketing.budgets set name = ''July''', 'changed');

select * from finish();
rollback;
