begin;
select plan(6);

select has_function('marketing', '_lock_account', array['bigint', 'text[]']);
select function_returns('marketing', '_lock_account', array['bigint', 'text[]'], 'void');
select volatility_is('marketing', '_lock_account', array['bigint', 'text[]'], 'volatile');
select isnt_definer('marketing', '_lock_account', array['bigint', 'text[]']);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values (101, 'google_ads', '111', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values (1001, 101, 'c1', 'One', 'google_ads');

-- How strongly is seen by other sessions: tests/concurrency/test_marketing_ingest.py.
select lives_ok($$ select marketing._lock_account(101, '{c1}') $$, 'campaigns that are there share it');
select lives_ok($$ select marketing._lock_account(101, '{c1,c2}') $$, 'one that is to be made has it alone');

select * from finish();
rollback;
