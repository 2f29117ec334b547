begin;
select plan(3);
\ir budgets.psql

select trigger_is('marketing', 'budget_campaigns', 'budget_campaigns_keep', 'marketing', '_keep_rows');
select throws_ok('update marketing.budget_campaigns set campaign_id = 1', 'MM006', 'update on marketing.budget_campaigns is refused', 'changed');
select throws_ok('truncate marketing.budget_campaigns', 'MM006', null, 'truncated');

select * from finish();
rollback;
