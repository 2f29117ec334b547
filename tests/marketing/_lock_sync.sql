begin;
select plan(6);

select has_function('marketing', '_lock_sync', array['uuid', 'boolean', 'jsonb']);
select function_returns('marketing', '_lock_sync', array['uuid', 'boolean', 'jsonb'], 'marketing.data_sync_logs');
select volatility_is('marketing', '_lock_sync', array['uuid', 'boolean', 'jsonb'], 'volatile');
select isnt_definer('marketing', '_lock_sync', array['uuid', 'boolean', 'jsonb']);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');
create temporary table run on commit drop as select s.* from marketing.sync_start(101, 'incremental', '2026-11-01', '2026-11-10') as s;

select is((select (marketing._lock_sync(r.token)).id from run as r), (select r.sync_id from run as r), 'found by its token');
select throws_ok($$ select marketing._lock_sync(null) $$, 'MM033', 'no synchronisation has that token', 'without a token');

select * from finish();
rollback;
