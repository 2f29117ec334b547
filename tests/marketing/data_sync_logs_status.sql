begin;
select plan(5);

select has_trigger('marketing', 'data_sync_logs', 'data_sync_logs_status', 'states are looked up');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');
create temporary table run on commit drop as select s.* from marketing.sync_start(101, 'incremental', '2026-11-01', '2026-11-10') as s;

select throws_ok(
  $$ update marketing.data_sync_logs set status = 'lost' $$, 'MP050', null, 'a state that there is not'
);
select lives_ok($$ update marketing.data_sync_logs set status = 'success', completed_at = now() $$, 'it succeeds');
select throws_ok($$ update marketing.data_sync_logs set status = 'in_progress', completed_at = null $$, 'MP050', null, 'what has ended does not run again');
select throws_ok(
  $$
    insert into marketing.data_sync_logs (
      marketing_account_id, sync_type, status, window_from, window_to, snapshot_at, started_at, heartbeat_at, completed_at
    )
    values (101, 'full', 'success', '2026-11-01', '2026-11-01', now(), now(), now(), now())
  $$,
  'MP050', null, 'a new one runs'
);

select * from finish();
rollback;
