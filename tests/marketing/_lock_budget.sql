begin;
select plan(7);
\ir budgets.psql

select has_function('marketing', '_lock_budget', array['bigint']);
select function_returns('marketing', '_lock_budget', array['bigint'], 'marketing.budgets');
select volatility_is('marketing', '_lock_budget', array['bigint'], 'volatile');
select isnt_definer('marketing', '_lock_budget', array['bigint']);

create temporary table b on commit drop as select marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01') as id;
select is((marketing._lock_budget(b.id)).name, 'All', 'its row') from b;
select marketing.act_as(3);
select throws_ok('select marketing._lock_budget((select id from b))', 'MM002', null, 'not for viewers');
select marketing.act_as(2);
select marketing.close_budget(b.id) from b;
select throws_ok('select marketing._lock_budget((select id from b))', 'MM091', null, 'nor once it is closed');

select * from finish();
rollback;
