begin;
select plan(13);
\ir budgets.psql

select has_function('marketing', 'list_budgets', array['bigint', 'boolean', 'bigint', 'integer']);
select function_returns('marketing', 'list_budgets', array['bigint', 'boolean', 'bigint', 'integer'], 'setof marketing.budgets');
select volatility_is('marketing', 'list_budgets', array['bigint', 'boolean', 'bigint', 'integer'], 'stable');
select is_definer('marketing', 'list_budgets', array['bigint', 'boolean', 'bigint', 'integer']);

select ok(has_function_privilege('marketing_app', 'marketing.list_budgets(bigint, boolean, bigint, integer)', 'execute'), 'applications may call it');
create temporary table b on commit drop as
select marketing.create_budget(1, 'A', 1000, 'monthly', '2026-06-01') as a, marketing.create_budget(1, 'B', 1000, 'monthly', '2026-06-01') as b,
  marketing.create_budget(1, 'C', 1000, 'monthly', '2026-06-01') as c, marketing.create_budget(2, 'D', 1000, 'monthly', '2026-06-01') as d;
select marketing.close_budget(b.b) from b;
select marketing.act_as(3);
select results_eq('select l.name::text from marketing.list_budgets(1) as l', $$ values ('A'), ('C') $$, 'those of the workspace that are open');
select results_eq('select l.name::text from marketing.list_budgets(1, true) as l', $$ values ('A'), ('B'), ('C') $$, 'or all');
select results_eq('select l.name::text from marketing.list_budgets(1, true, null, 2) as l', $$ values ('A'), ('B') $$, 'a page');
select results_eq('select l.name::text from marketing.list_budgets(1, true, (select b from b), 2) as l', $$ values ('C') $$, 'the next');
select throws_ok('select marketing.list_budgets(1, p_limit => -1)', 'MM005', null, 'no less than none');
select throws_ok('select marketing.list_budgets(2)', 'MM001', null, 'not of others');

-- T16: views, too, show the acting user's workspaces alone
set local role marketing_app;
select results_eq('select v.name::text from marketing.v_budgets as v order by 1', $$ values ('A'), ('B'), ('C') $$, 'a view shows those of the user');
reset role;
select marketing.act_as(null);
set local role marketing_app;
select is((select count(*) from marketing.v_budgets), 0::bigint, 'and nobody nothing');
reset role;

select * from finish();
rollback;
