begin;
select plan(9);
\ir budgets.psql

select has_function('marketing', '_tell_budget', array['bigint', 'text', 'numeric', 'numeric']);
select function_returns('marketing', '_tell_budget', array['bigint', 'text', 'numeric', 'numeric'], 'void');
select volatility_is('marketing', '_tell_budget', array['bigint', 'text', 'numeric', 'numeric'], 'volatile');
select isnt_definer('marketing', '_tell_budget', array['bigint', 'text', 'numeric', 'numeric']);

set local moadb.now = '2026-03-05 10:00+09';
create temporary table b on commit drop as select marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01') as id;
select marketing._tell_budget(b.id, 'spent', 80, 812) from b;
select marketing._tell_budget(b.id, 'spent', 80, 900) from b;
select results_eq(
  'select a.revision, a.kind::text, a.level, a.spent_amount, a.total_amount, a.created_at from marketing.budget_alerts as a',
  $$ values (1, 'spent', 80.00, 812::numeric, 1000::numeric, timestamptz '2026-03-05 10:00+09') $$, 'once'
);
select is(
  (select t.payload from platform.tasks as t where t.topic = 'marketing.budget_alert'),
  (
    select jsonb_build_object(
      'alert_id', a.id, 'workspace_id', 1, 'budget_id', a.budget_id, 'name', 'All', 'kind', 'spent', 'level', 80, 'currency', 'KRW',
      'spent_amount', 812, 'total_amount', 1000
    )
    from marketing.budget_alerts as a
  ),
  'with a task'
);
select marketing._tell_budget(b.id, 'pace', 80, 812), marketing._tell_budget(b.id, 'spent', 100, 1000) from b;
select is(pg_temp.told(b.id), '1 spent 80.00, 1 pace 80.00, 1 spent 100.00', 'each kind and level') from b;
update marketing.budgets set total_amount = 2000;
select marketing._tell_budget(b.id, 'spent', 80, 1700) from b;
select is(pg_temp.told(b.id), '1 spent 80.00, 1 pace 80.00, 1 spent 100.00, 2 spent 80.00', 'in each revision') from b;
select is((select count(*) from platform.tasks as t where t.topic = 'marketing.budget_alert'), 4::bigint, 'each with its task');

select * from finish();
rollback;
