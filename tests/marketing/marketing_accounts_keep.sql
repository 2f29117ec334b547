begin;
select plan(9);

\ir team.psql

select trigger_is('marketing', 'marketing_accounts', 'marketing_accounts_keep', 'marketing', '_keep_rows', 'rows');
select trigger_is('marketing', 'marketing_accounts', 'marketing_accounts_keep_identity', 'marketing', '_keep_identity', 'what they are');
select throws_ok('delete from marketing.marketing_accounts', 'MM006', null, 'none is deleted');
select throws_ok('truncate marketing.marketing_accounts cascade', 'MM006', null, 'nor all of them');
select throws_ok($$ update marketing.marketing_accounts set id = id + 1 $$, 'MM022', 'id of marketing.marketing_accounts does not change', 'id');
select throws_ok($$ update marketing.marketing_accounts set account_id = account_id || 'x' $$, 'MM022', 'account_id of marketing.marketing_accounts does not change', 'account_id');
select throws_ok($$ update marketing.marketing_accounts set currency = 'EUR' $$, 'MM022', 'currency of marketing.marketing_accounts does not change', 'currency');
select throws_ok($$ update marketing.marketing_accounts set time_zone = 'UTC' $$, 'MM022', 'time_zone of marketing.marketing_accounts does not change', 'time_zone');
select trigger_is('marketing', 'marketing_accounts', 'marketing_accounts_updated_at', 'platform', 'update_updated_at', 'when');

select * from finish();
rollback;
