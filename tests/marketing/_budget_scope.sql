begin;
select plan(10);
\ir budgets.psql

select has_function('marketing', '_budget_scope', array['bigint[]']);
select function_returns('marketing', '_budget_scope', array['bigint[]'], 'setof record');
select volatility_is('marketing', '_budget_scope', array['bigint[]'], 'stable');
select isnt_definer('marketing', '_budget_scope', array['bigint[]']);

create temporary table b on commit drop as
select
  marketing.create_budget(1, 'All', 1000, 'monthly', '2026-03-01', p_currency => 'USD') as whole,
  marketing.create_budget(1, 'Search', 1000, 'monthly', '2026-03-01', p_channel_id => (select c.id from marketing.channels as c where c.name = 'google_search')) as channel,
  marketing.create_budget(1, 'Two', 1000, 'monthly', '2026-03-01', p_campaign_ids => array[12, 21]::bigint[]) as two,
  marketing.create_budget(2, 'Client', 1000, 'monthly', '2026-03-01') as client;
select results_eq(
  'select s.campaign_id, s.currency, s.budget_currency, s.rate_max_age from marketing._budget_scope(array[(select whole from b)]) as s order by 1',
  $$ values (11::bigint, 'KRW', 'USD', 7), (12, 'KRW', 'USD', 7), (21, 'USD', 'USD', 7) $$, 'all of the workspace'
);
select results_eq('select s.campaign_id from marketing._budget_scope(array[(select channel from b)]) as s', 'values (21::bigint)', 'those of a channel');
select results_eq('select s.campaign_id from marketing._budget_scope(array[(select two from b)]) as s order by 1', 'values (12::bigint), (21)', 'those that are named');
select results_eq('select s.campaign_id from marketing._budget_scope(array[(select client from b)]) as s order by 1', 'values (11::bigint), (12)', 'those of its accounts');
select is((select count(*) from marketing._budget_scope(array[(select whole from b), (select two from b)])), 5::bigint, 'of many budgets at once');
update marketing.account_connections as n set disconnected_at = now() where (n.workspace_id, n.marketing_account_id) = (1, 1);
select results_eq('select s.campaign_id from marketing._budget_scope(array[(select two from b)]) as s', 'values (21::bigint)', 'while they are connected');

select * from finish();
rollback;
