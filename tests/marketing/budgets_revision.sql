begin;
select plan(11);
\ir budgets.psql

select has_function('marketing', '_budgets_revision', array[]::text[]);
select function_returns('marketing', '_budgets_revision', array[]::text[], 'trigger');
select volatility_is('marketing', '_budgets_revision', array[]::text[], 'volatile');
select isnt_definer('marketing', '_budgets_revision', array[]::text[]);
select trigger_is('marketing', 'budgets', 'budgets_revision', 'marketing', '_budgets_revision');

create temporary table b on commit drop as select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01') as id;
create function pg_temp.revision() returns integer language sql as $$ select b.revision from marketing.budgets as b $$;
update marketing.budgets set total_amount = 2000;
select is(pg_temp.revision(), 2, 'raised');
update marketing.budgets set total_amount = 2000;
select is(pg_temp.revision(), 2, 'as it is');
update marketing.budgets set total_amount = 500;
select is(pg_temp.revision(), 2, 'lowered');
update marketing.budgets set end_date = '2026-07-31';
select is(pg_temp.revision(), 3, 'longer');
update marketing.budgets set start_date = '2026-06-02', total_amount = 400;
select is(pg_temp.revision(), 4, 'shorter');
update marketing.budgets set name = 'July', alert_threshold = 50;
select is(pg_temp.revision(), 4, 'anything else');

select * from finish();
rollback;
