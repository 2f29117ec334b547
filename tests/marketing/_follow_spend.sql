begin;
select plan(32);
\ir budgets.psql
set local moadb.now = '2026-03-15 12:00+09';

select has_function('marketing', '_follow_spend', array['bigint[]', 'date', 'date']);
select function_returns('marketing', '_follow_spend', array['bigint[]', 'date', 'date'], 'void');
select volatility_is('marketing', '_follow_spend', array['bigint[]', 'date', 'date'], 'volatile');
select isnt_definer('marketing', '_follow_spend', array['bigint[]', 'date', 'date']);

create temporary table b on commit drop as
select
  marketing.create_budget(1, 'All', 1000000, 'monthly', '2026-03-01') as whole,
  marketing.create_budget(1, 'Search', 1000000, 'monthly', '2026-03-10', p_channel_id => (select c.id from marketing.channels as c where c.name = 'naver_search')) as channel,
  marketing.create_budget(1, 'Two', 1000, 'monthly', '2026-03-01', p_currency => 'USD', p_campaign_ids => array[11, 21]::bigint[]) as two,
  marketing.create_budget(2, 'Client', 1000000, 'monthly', '2026-03-01') as client;

select lives_ok($$ select pg_temp.spend(11, '2026-03-05', 1000), pg_temp.spend(12, '2026-03-05', 500), pg_temp.spend(11, '2026-03-12', 2000) $$, 'days are loaded');
select is(pg_temp.spent((select whole from b)), 3500::numeric, 'a workspace: all its campaigns');
select is(pg_temp.spent((select channel from b)), 2000::numeric, 'a channel: its campaigns, from the budget''s start');
select is(pg_temp.spent((select client from b)), 3500::numeric, 'an account of two workspaces counts in the budgets of both');
select is(pg_temp.spent((select two from b)), 0::numeric, 'without a rate nothing is known');
select is((select v.missing_rates from marketing.budgets as v where v.id = (select two from b)), array['KRW/USD'], 'and which is missing is said');
select results_eq(
  'select d.date, d.spent, d.missing_rates from marketing.budget_daily as d where d.budget_id = (select two from b) order by 1',
  $$ values (date '2026-03-05', 0::numeric, array['KRW/USD']), ('2026-03-12', 0, array['KRW/USD']) $$, 'day by day'
);

insert into marketing.fx_rates (base, quote, date, rate) values ('USD', 'KRW', '2026-03-05', 1400), ('USD', 'KRW', '2026-03-12', 1300);
select lives_ok($$ select marketing._follow_spend(array[1, 2]::bigint[], null, null) $$, 'the rates come');
select is(pg_temp.spent((select two from b)), round(1000 / 1400.0, 6) + round(2000 / 1300.0, 6), 'each day is converted by its rate');
select is((select v.missing_rates from marketing.budgets as v where v.id = (select two from b)), '{}'::text[], 'nothing is missing any more');
select pg_temp.spend(21, '2026-03-08', 10.25);
select is(pg_temp.spent((select whole from b)), 3500 + 10.25 * 1400, 'a Sunday takes the last rate before it');
select is(pg_temp.spent((select two from b)), round(1000 / 1400.0, 6) + round(2000 / 1300.0, 6) + 10.25, 'and what is in the budget''s currency, none');

-- T7: a missing rate, a weekend's rate; restated spend that falls
select pg_temp.spend(21, '2026-03-25', 4);
select is(pg_temp.spent((select whole from b)), 3500 + 10.25 * 1400, 'a rate that is too old is none');
select is((select v.missing_rates from marketing.budgets as v where v.id = (select whole from b)), array['USD/KRW'], 'it is missing');
select pg_temp.spend(21, '2026-03-25', 0);
select is((select v.missing_rates from marketing.budgets as v where v.id = (select whole from b)), '{}'::text[], 'not for a day without cost');
select pg_temp.spend(11, '2026-03-05', 600);
select is(pg_temp.spent((select whole from b)), 3100 + 10.25 * 1400, 'restated spend that falls, falls here');
select pg_temp.spend(11, '2026-03-05', 0);
select is((select count(*) from marketing.budget_daily as d where d.budget_id = (select channel from b)), 1::bigint, 'a day without spend has no row');
select pg_temp.spend(11, '2026-02-28', 900), pg_temp.spend(11, '2026-04-01', 900);
select is(pg_temp.spent((select whole from b)), 2500 + 10.25 * 1400, 'the days before and after are no part of it');
select is(
  (select v.remaining_amount from marketing.budgets as v where v.id = (select whole from b)), 1000000 - 2500 - 10.25 * 1400, 'what remains follows'
);

update marketing.account_connections as n set disconnected_at = now() where (n.workspace_id, n.marketing_account_id) = (1, 2);
select marketing._follow_spend(array[1]::bigint[], null, null);
select is(pg_temp.spent((select whole from b)), 2500::numeric, 'an account that is disconnected counts no more');
update marketing.account_connections as n set disconnected_at = null where (n.workspace_id, n.marketing_account_id) = (1, 2);
select marketing._follow_spend(array[1]::bigint[], null, null);
select is(pg_temp.spent((select whole from b)), 2500 + 10.25 * 1400, 'until it is connected again');

-- days that have gone into the archive
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_daily', 'x', '2026-03-01', '2026-04-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
delete from marketing.campaign_daily;
select marketing._follow_spend(array[1, 2]::bigint[], null, null);
select is(pg_temp.spent((select whole from b)), 2500 + 10.25 * 1400, 'what is known of an archived day stays');
select is((select count(*) from platform.check_invariants() as c where c.invariant like 'marketing.budget%' and c.violations > 0), 0::bigint, 'as the invariants say');
update marketing.archives set status = 'restored', restored_at = now();
select isnt((select count(*) from platform.check_invariants() as c where c.invariant = 'marketing.budget_days_are_spend' and c.violations > 0), 0::bigint, 'which see days that are wrong');
select marketing._follow_spend(array[1, 2]::bigint[], null, null);
select is(pg_temp.spent((select whole from b)), 0::numeric, 'once they should be here again, they count as they are');

select lives_ok($$ select marketing._follow_spend('{}', null, null), marketing._follow_spend(null, null, null) $$, 'no workspace: nothing to do');
select is((select count(*) from marketing.budget_alerts), 0::bigint, 'nothing was told');
select is((select count(*) from platform.tasks as t where t.topic = 'marketing.budget_alert'), 0::bigint, 'to nobody');

select * from finish();
rollback;
