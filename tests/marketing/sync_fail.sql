begin;
select plan(10);

select has_function('marketing', 'sync_fail', array['uuid', 'text']);
select function_returns('marketing', 'sync_fail', array['uuid', 'text'], 'void');
select volatility_is('marketing', 'sync_fail', array['uuid', 'text'], 'volatile');
select is_definer('marketing', 'sync_fail', array['uuid', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.sync_fail(uuid, text)', 'execute'), 'marketing_app may call it');
select ok(not has_function_privilege('public', 'marketing.sync_fail(uuid, text)', 'execute'), 'nobody else may');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');
create temporary table run on commit drop as select s.* from marketing.sync_start(101, 'incremental', '2026-11-01', '2026-11-10') as s;

select lives_ok($$ select marketing.sync_fail(r.token, 'the source does not answer') from run as r $$, 'a run is given up');
select results_eq(
  $$ select l.status::text, l.error_message, l.completed_at is not null from marketing.data_sync_logs as l $$,
  $$ values ('failed', 'the source does not answer', true) $$,
  'with its reason'
);
select throws_ok($$ select marketing.sync_fail(r.token, 'x') from run as r $$, 'MM032', null, 'once');
select throws_ok($$ select marketing.sync_fail(gen_random_uuid(), 'x') $$, 'MM033', 'no synchronisation has that token', 'an unknown token');

select * from finish();
rollback;
