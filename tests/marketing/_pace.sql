begin;
select plan(5);
\ir budgets.psql

select has_function('marketing', '_pace', array['bigint', 'date']);
select function_returns('marketing', '_pace', array['bigint', 'date'], 'setof record');
select volatility_is('marketing', '_pace', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_pace', array['bigint', 'date']);

create temporary table b on commit drop as select marketing.create_budget(1, 'All', 3000, 'monthly', '2026-06-01') as id;
select results_eq(
  'select p.* from b cross join lateral marketing._pace(b.id, ''2026-06-10'') as p', 'select p.* from b cross join lateral marketing.budget_pacing(b.id, ''2026-06-10'') as p', 'what marketing.budget_pacing tells'
);

select * from finish();
rollback;
