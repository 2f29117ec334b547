begin;
select plan(6);
\ir budgets.psql

select has_function('marketing', '_record_change', array['bigint']);
select function_returns('marketing', '_record_change', array['bigint'], 'void');
select volatility_is('marketing', '_record_change', array['bigint'], 'volatile');
select isnt_definer('marketing', '_record_change', array['bigint']);

set local moadb.now = '2026-03-05 10:00+09';
create temporary table b on commit drop as select marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01') as id;
select results_eq(
  'select c.revision, c.total_amount, c.start_date, c.end_date, c.changed_at, c.changed_by from marketing.budget_changes as c',
  $$ values (1, 1000::numeric, date '2026-03-01', date '2026-03-31', timestamptz '2026-03-05 10:00+09', null::text) $$, 'as it was made'
);
select marketing.act_as(2);
select marketing.edit_budget(b.id, '{"amount": 2000}') from b;
select results_eq(
  'select c.revision, c.total_amount, c.changed_by from marketing.budget_changes as c order by c.id', $$ values (1, 1000::numeric, null), (2, 2000, '2') $$, 'and by whom it was changed'
);

select * from finish();
rollback;
