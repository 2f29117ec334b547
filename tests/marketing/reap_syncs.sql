begin;
select plan(13);

select has_function('marketing', 'reap_syncs', array['interval']);
select function_returns('marketing', 'reap_syncs', array['interval'], 'bigint');
select volatility_is('marketing', 'reap_syncs', array['interval'], 'volatile');
select is_definer('marketing', 'reap_syncs', array['interval']);
select ok(has_function_privilege('marketing_admin', 'marketing.reap_syncs(interval)', 'execute'), 'marketing_admin may call it');
select ok(not has_function_privilege('public', 'marketing.reap_syncs(interval)', 'execute'), 'nobody else may');
select ok(not has_function_privilege('marketing_app', 'marketing.reap_syncs(interval)', 'execute'), 'applications may not');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');
create temporary table run on commit drop as select s.* from marketing.sync_start(101, 'incremental', '2026-11-01', '2026-11-10') as s;

select is(marketing.reap_syncs(), 0::bigint, 'who was heard of is alive');
do $$ begin perform set_config('moadb.now', (now() + interval '31 minutes')::text, true); end $$;
select is(marketing.reap_syncs(), 1::bigint, 'who was not for half an hour is given up');
select is(marketing.reap_syncs(), 0::bigint, 'once');
select ok((select l.status = 'failed' and l.error_message like 'not heard of since %' from marketing.data_sync_logs as l), 'it has failed');
select lives_ok($$ select marketing.sync_start(101) $$, 'the next one may begin');
select throws_ok($$ select marketing.reap_syncs('0') $$, 'MM005', null, 'idle is longer than nothing');

select * from finish();
rollback;
