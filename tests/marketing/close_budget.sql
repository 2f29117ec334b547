begin;
select plan(12);
\ir budgets.psql

select has_function('marketing', 'close_budget', array['bigint']);
select function_returns('marketing', 'close_budget', array['bigint'], 'void');
select volatility_is('marketing', 'close_budget', array['bigint'], 'volatile');
select is_definer('marketing', 'close_budget', array['bigint']);

select ok(has_function_privilege('marketing_app', 'marketing.close_budget(bigint)', 'execute'), 'applications may call it');
set local moadb.now = '2026-06-15 12:00+09';
create temporary table b on commit drop as select marketing.create_budget(1, 'June', 1000, 'monthly', '2026-06-01') as id;
select marketing.act_as(2);
select lives_ok('select marketing.close_budget((select id from b))', 'closed');
set local moadb.now = '2026-06-16 12:00+09';
select lives_ok('select marketing.close_budget((select id from b))', 'again');
select is((select v.closed_at from marketing.budgets as v), '2026-06-15 12:00+09', 'when it was first');
select pg_temp.spend(11, '2026-06-16', 1000);
select is(pg_temp.spent(b.id), 1000::numeric, 'it follows what is spent') from b;
select is(pg_temp.told(b.id), null, 'and tells nothing') from b;
select throws_ok('select marketing.close_budget(-1)', 'MM090', null, 'no such budget');
select marketing.act_as(3);
select throws_ok('select marketing.close_budget((select id from b))', 'MM002', null, 'a viewer does not');

select * from finish();
rollback;
