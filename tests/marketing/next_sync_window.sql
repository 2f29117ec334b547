begin;
select plan(18);

select has_function('marketing', 'next_sync_window', array['bigint', 'text', 'text']);
select function_returns('marketing', 'next_sync_window', array['bigint', 'text', 'text'], 'setof record');
select volatility_is('marketing', 'next_sync_window', array['bigint', 'text', 'text'], 'stable');
select is_definer('marketing', 'next_sync_window', array['bigint', 'text', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.next_sync_window(bigint, text, text)', 'execute'), 'marketing_app may call it');
select ok(not has_function_privilege('public', 'marketing.next_sync_window(bigint, text, text)', 'execute'), 'nobody else may');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');
set local moadb.now = '2026-11-10 20:00Z';
select results_eq(
  $$ select * from marketing.next_sync_window(101) $$,
  $$ values (date '2023-10-12', date '2026-11-11') $$,
  'what was never read is all that Google keeps, 37 months, until today in Seoul'
);
select results_eq(
  $$ select count(*), min(w.window_from), max(w.window_to), max(w.window_to - w.window_from) from marketing.next_sync_window(102) as w $$,
  $$ select 13::bigint, date '2023-10-12', date '2026-11-11', 91 $$,
  'Naver gives 92 days a call'
);
insert into marketing.sync_cursors (marketing_account_id, stream, synced_to, settled_to, updated_at)
values (101, 'campaign_metrics', '2026-11-11', '2026-10-11', now());
select results_eq(
  $$ select * from marketing.next_sync_window(101) $$,
  $$ values (date '2026-10-12', date '2026-11-11') $$,
  'then what it may still change: 30 days'
);
update marketing.sync_cursors set synced_to = '2026-08-01', settled_to = '2026-08-01';
select results_eq(
  $$ select * from marketing.next_sync_window(101) $$,
  $$ values (date '2026-08-02', date '2026-11-11') $$,
  'or what was missed'
);
update marketing.sync_cursors set settled_to = '2026-07-01';
select results_eq(
  $$ select * from marketing.next_sync_window(101) $$,
  $$ values (date '2026-07-02', date '2026-11-11') $$,
  'with the days that it might still change when they were read, which would stay so for ever'
);
select is((select w.window_from from marketing.next_sync_window(101, p_sync_type => 'full') as w), date '2023-10-12', 'a full one reads all');
update marketing.marketing_accounts set restate_days = 2 where id = 101;
update marketing.sync_cursors set synced_to = '2026-11-11', settled_to = '2026-11-09';
select is((select w.window_from from marketing.next_sync_window(101) as w), date '2026-11-09', 'an account says otherwise');
insert into marketing.archives (
  table_name, partition_name, date_from, date_to, url, rows, bytes, sha256, checksum, columns, status, exported_at, removed_at
)
values ('campaign_metrics', 'campaign_metrics_2026_05', '2026-05-01', '2026-06-01', 'file:///x', 1, 1, sha256('x'), 1, '["x"]', 'removed', now(), now());
update marketing.sync_cursors set synced_to = '2026-05-20', settled_to = '2026-04-19';
select is((select min(w.window_from) from marketing.next_sync_window(102) as w), date '2026-06-01', 'months that have left for the archive take no rows, so they are not read');
select is(
  (select w.window_from from marketing.next_sync_window(101, 'conversion_facts') as w), date '2023-10-12', 'they do where nothing is archived'
);
select throws_ok($$ select marketing.next_sync_window(1) $$, 'MM007', 'there is no account 1', 'an unknown account');
select throws_ok($$ select marketing.next_sync_window(null) $$, 'MM004', 'p_account_id is null', 'no account');
select throws_ok($$ select marketing.next_sync_window(101, p_sync_type => 'x') $$, 'MM005', null, 'another type');

select * from finish();
rollback;
