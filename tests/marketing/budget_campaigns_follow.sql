begin;
select plan(9);
\ir budgets.psql

select has_function('marketing', '_budget_campaigns_follow', array[]::text[]);
select function_returns('marketing', '_budget_campaigns_follow', array[]::text[], 'trigger');
select volatility_is('marketing', '_budget_campaigns_follow', array[]::text[], 'volatile');
select isnt_definer('marketing', '_budget_campaigns_follow', array[]::text[]);
select trigger_is('marketing', 'budget_campaigns', 'budget_campaigns_follow_insert', 'marketing', '_budget_campaigns_follow');
select trigger_is('marketing', 'budget_campaigns', 'budget_campaigns_follow_delete', 'marketing', '_budget_campaigns_follow');

create temporary table b on commit drop as
select marketing.create_budget(1, 'One', 1000, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[]) as one,
  marketing.create_budget(1, 'Two', 1000, 'monthly', '2026-06-01', p_campaign_ids => array[11]::bigint[]) as two;
select pg_temp.spend(11, '2026-06-01', 500), pg_temp.spend(12, '2026-06-01', 50);
insert into marketing.budget_campaigns (budget_id, campaign_id) select u.id, 12 from b cross join lateral (values (b.one), (b.two)) as u (id);
select results_eq('select v.spent_amount from marketing.budgets as v', 'values (550::numeric), (550)', 'one more');
delete from marketing.budget_campaigns as m where m.campaign_id = 11 and m.budget_id = (select one from b);
select is(pg_temp.spent(b.one), 50::numeric, 'one less') from b;
delete from marketing.budget_campaigns;
select results_eq('select v.spent_amount from marketing.budgets as v', 'values (0::numeric), (0)', 'none');

select * from finish();
rollback;
