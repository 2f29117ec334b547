begin;
select plan(6);

select has_trigger('marketing', 'data_sync_logs', 'data_sync_logs_keep', 'rows stay');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');
create temporary table run on commit drop as select s.* from marketing.sync_start(101, 'incremental', '2026-11-01', '2026-11-10') as s;

select throws_ok($$ delete from marketing.data_sync_logs $$, 'MM006', 'delete on marketing.data_sync_logs is refused', 'synchronisations stay');
select throws_ok($$ truncate marketing.data_sync_logs cascade $$, 'MM006', null, 'all of them');
select throws_ok(
  $$ update marketing.data_sync_logs set replaces = true $$, 'MM022', 'replaces of marketing.data_sync_logs does not change', 'what it is of stays'
);
select throws_ok($$ update marketing.data_sync_logs set snapshot_at = snapshot_at - interval '1 hour' $$, 'MM022', null, 'and as of when');
select throws_ok($$ update marketing.data_sync_logs set token = gen_random_uuid() $$, 'MM022', null, 'and whose it is');

select * from finish();
rollback;
