begin;
select plan(4);
\ir budgets.psql

select trigger_is('marketing', 'budgets', 'budgets_updated_at', 'platform', 'update_updated_at');
set local moadb.now = '2026-06-08 12:00+09';
select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01');
update marketing.budgets set name = 'July';
select is((select b.updated_at from marketing.budgets as b), '2026-06-08 12:00+09'::timestamptz, 'a change is noted');
set local moadb.now = '2026-06-09 12:00+09';
select is(marketing.evaluate_budget_alerts(), 1::bigint, 'its pace is looked at');
select is((select b.updated_at from marketing.budgets as b), '2026-06-08 12:00+09'::timestamptz, 'which is none');

select * from finish();
rollback;
