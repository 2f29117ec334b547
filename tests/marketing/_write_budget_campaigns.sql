begin;
select plan(9);
\ir budgets.psql

select has_function('marketing', '_write_budget_campaigns', array['bigint', 'bigint[]']);
select function_returns('marketing', '_write_budget_campaigns', array['bigint', 'bigint[]'], 'void');
select volatility_is('marketing', '_write_budget_campaigns', array['bigint', 'bigint[]'], 'volatile');
select isnt_definer('marketing', '_write_budget_campaigns', array['bigint', 'bigint[]']);

create temporary table b on commit drop as select marketing.create_budget(1, 'Two', 1000, 'monthly', '2026-03-01', p_campaign_ids => array[11, 11, 21]::bigint[]) as id;
select results_eq('select m.campaign_id from marketing.budget_campaigns as m order by 1', 'values (11::bigint), (21)', 'each once');
select marketing._write_budget_campaigns(b.id, array[12, 21]) from b;
select results_eq('select m.campaign_id from marketing.budget_campaigns as m order by 1', 'values (12::bigint), (21)', 'others');
select throws_ok('select marketing._write_budget_campaigns((select id from b), array[12, -1, -2])', 'MM093', 'the campaigns of the budget are not accepted: the workspace has no campaign -2, -1', 'campaigns that are not there');
select throws_ok('select marketing._write_budget_campaigns((select id from b), array[null]::bigint[])', 'MM093', null, 'null');
select throws_ok('select marketing._write_budget_campaigns((select id from b), ''{}'')', 'MM093', null, 'none');

select * from finish();
rollback;
