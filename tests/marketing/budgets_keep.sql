begin;
select plan(7);
\ir budgets.psql

select trigger_is('marketing', 'budgets', 'budgets_keep', 'marketing', '_keep_rows');
select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01');
select throws_ok('delete from marketing.budgets', 'MM006', 'delete on marketing.budgets is refused', 'deleted');
select throws_ok('truncate marketing.budgets cascade', 'MM006', null, 'truncated');
select lives_ok('update marketing.budgets set name = ''July''', 'changed');
select throws_ok('update marketing.budgets set workspace_id = 2', 'MM022', 'workspace_id of marketing.budgets does not change', 'moved');
select throws_ok('update marketing.budgets set revision = 7', 'MM022', 'revision of marketing.budgets does not change', 'counted by hand');
update marketing.budgets set total_amount = 2000, revision = 1;
select is((select b.revision from marketing.budgets as b), 2, 'raised');

select * from finish();
rollback;
