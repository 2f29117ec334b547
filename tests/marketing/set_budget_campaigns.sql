begin;
select plan(13);
\ir budgets.psql

select has_function('marketing', 'set_budget_campaigns', array['bigint', 'bigint[]']);
select function_returns('marketing', 'set_budget_campaigns', array['bigint', 'bigint[]'], 'void');
select volatility_is('marketing', 'set_budget_campaigns', array['bigint', 'bigint[]'], 'volatile');
select is_definer('marketing', 'set_budget_campaigns', array['bigint', 'bigint[]']);

select ok(has_function_privilege('marketing_app', 'marketing.set_budget_campaigns(bigint, bigint[])', 'execute'), 'applications may call it');
create temporary table b on commit drop as
select marketing.create_budget(1, 'One', 1000, 'monthly', '2026-03-01', p_campaign_ids => array[11]::bigint[]) as id, marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01') as whole;
select pg_temp.spend(11, '2026-03-02', 100), pg_temp.spend(12, '2026-03-02', 850);
select is(pg_temp.spent(b.id), 100::numeric, 'one campaign') from b;
select marketing.act_as(2);
select lives_ok('select marketing.set_budget_campaigns((select id from b), array[12, 11]::bigint[])', 'another comes');
select is(pg_temp.spent(b.id), 950::numeric, 'with what it has spent') from b;
select is(pg_temp.told(b.id), '1 spent 80.00', 'and that is told') from b;
select throws_ok('select marketing.set_budget_campaigns((select whole from b), array[12]::bigint[])', 'MM093', 'the campaigns of the budget are not accepted: its scope is workspace', 'not of a workspace');
select throws_ok('select marketing.set_budget_campaigns((select id from b), array[-1]::bigint[])', 'MM093', null, 'no such campaign');
select marketing.act_as(4);
select throws_ok('select marketing.set_budget_campaigns((select id from b), array[12]::bigint[])', 'MM090', null, 'not by strangers');
select marketing.act_as(3);
select throws_ok('select marketing.set_budget_campaigns((select id from b), array[12]::bigint[])', 'MM002', null, 'nor by viewers');

select * from finish();
rollback;
