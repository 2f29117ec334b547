begin;
select plan(19);

select has_function('marketing', 'disconnect_account', array['bigint', 'bigint']);
select function_returns('marketing', 'disconnect_account', array['bigint', 'bigint'], 'void');
select volatility_is('marketing', 'disconnect_account', array['bigint', 'bigint'], 'volatile');
select is_definer('marketing', 'disconnect_account', array['bigint', 'bigint']);
select ok(has_function_privilege('marketing_app', 'marketing.disconnect_account(bigint, bigint)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.disconnect_account(bigint, bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.disconnect_account(bigint, bigint)', 'execute'), 'readers may not');

\ir team.psql

insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9001, '2026-11-01', 100, 10, 1000, 1, 2000, 0, 0, 0, 0);
insert into marketing.campaign_monthly (campaign_id, month, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9001, '2026-11-01', 1, 100, 10, 1000, 1, 2000, 0, 0, 0, 0);
select marketing._refresh_channels('{9001}', '2026-11-01', '2026-11-01');
select isnt_empty('select from marketing.channel_performance as p', 'figures of the workspace');

set local moadb.now = '2027-01-01 00:00+00';
select pg_temp.act_as(9001);
select marketing.disconnect_account(9001, 9001);
select is_empty('select a.account_id from marketing.v_accounts as a where a.account_id = 9001', 'it is not seen any more');
select is_empty('select c.campaign_id from marketing.v_campaigns as c where c.account_id = 9001', 'nor its campaigns');
select throws_ok('select marketing.disconnect_account(9001, 9001)', 'MM018', 'workspace 9001 has not connected account 9001', 'once');
select throws_ok('select marketing.disconnect_account(9001, 9003)', 'MM018', null, 'another''s account');
select throws_ok('select marketing.disconnect_account(9002, 9003)', 'MM001', null, 'another''s workspace');
select marketing.act_as(9002);
select throws_ok('select marketing.disconnect_account(9001, 9002)', 'MM002', null, 'a user does not');
reset role;
select is_empty('select from marketing.channel_performance as p', 'its figures do not count any more');
select isnt_empty('select from marketing.campaign_daily as d', 'but are there');
select results_eq(
  'select c.access_token, c.token_key, c.disconnected_at from marketing.account_connections as c where c.marketing_account_id = 9001',
  $$ values (null::bytea, null::text, '2027-01-01 00:00+00'::timestamptz) $$, 'tokens are gone'
);
select ok(not (select a.is_connected from marketing.marketing_accounts as a where a.id = 9001), 'nobody has it');
select pg_temp.act_as(9001);
select marketing.connect_account(9001, 'google_ads', '111-222');
reset role;
select is((select p.total_spend from marketing.channel_performance as p), 1000.000000, 'connected again, it is as it was');

select * from finish();
rollback;
