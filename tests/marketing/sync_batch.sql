begin;
select plan(18);

select has_function('marketing', 'sync_batch', array['uuid', 'text', 'jsonb', 'jsonb']);
select function_returns('marketing', 'sync_batch', array['uuid', 'text', 'jsonb', 'jsonb'], 'record');
select volatility_is('marketing', 'sync_batch', array['uuid', 'text', 'jsonb', 'jsonb'], 'volatile');
select is_definer('marketing', 'sync_batch', array['uuid', 'text', 'jsonb', 'jsonb']);
select ok(has_function_privilege('marketing_app', 'marketing.sync_batch(uuid, text, jsonb, jsonb)', 'execute'), 'marketing_app may call it');
select ok(not has_function_privilege('public', 'marketing.sync_batch(uuid, text, jsonb, jsonb)', 'execute'), 'nobody else may');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');
create temporary table run on commit drop as select s.* from marketing.sync_start(101, 'incremental', '2026-11-01', '2026-11-10') as s;

-- T10: a batch that comes again is loaded once; a run that was reaped loads nothing any more
select results_eq(
  $$ select b.* from run as r, marketing.sync_batch(r.token, 'b1', '[{"campaign_id": "c1", "date": "2026-11-05", "clicks": 1}]', '{"page": 2}') as b $$,
  $$ values (1::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'a batch'
);
select results_eq(
  $$ select b.* from run as r, marketing.sync_batch(r.token, 'b1', '[{"campaign_id": "c1", "date": "2026-11-05", "clicks": 1}]', '{"page": 2}') as b $$,
  $$ values (1::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'again: the same answer'
);
select results_eq(
  $$ select l.batches, l.records_synced, l.records_changed, l.cursor from marketing.data_sync_logs as l $$,
  $$ values (1, 1::bigint, 1::bigint, '{"page": 2}'::jsonb) $$,
  'counted once'
);
select is((select c.cursor from marketing.sync_cursors as c), '{"page": 2}', 'the cursor is kept with it');
select is(
  (select m.snapshot_at from marketing.campaign_metrics as m), (select l.snapshot_at from marketing.data_sync_logs as l),
  'its rows are of the snapshot'
);
select throws_ok(
  $$ select marketing.sync_batch(r.token, 'b1', '[{"campaign_id": "c1", "date": "2026-11-05", "clicks": 2}]', '{"page": 2}') from run as r $$,
  'MM035', null, 'other rows under its name'
);
select throws_ok(
  $$ select marketing.sync_batch(r.token, 'b2', '[{"campaign_id": "c1", "date": "2026-11-06"}, {"campaign_id": "c1", "date": "x"}]', '{"page": 3}') from run as r $$,
  'MM030', null, 'bad rows'
);
select is((select c.cursor from marketing.sync_cursors as c), '{"page": 2}', 'leave all as it was');
select throws_ok($$ select marketing.sync_batch(r.token, '', '[]') from run as r $$, 'MM005', null, 'a batch has a name');
select throws_ok($$ select marketing.sync_batch(gen_random_uuid(), 'b', '[]') $$, 'MM033', 'no synchronisation has that token', 'an unknown token');
do $$ begin perform set_config('moadb.now', (now() + interval '31 minutes')::text, true); perform marketing.reap_syncs(); end $$;
select throws_ok($$ select marketing.sync_batch(r.token, 'b3', '[]') from run as r $$, 'MM032', null, 'a run that was reaped');
select throws_ok($$ select marketing.sync_finish(r.token) from run as r $$, 'MM032', null, 'is not finished late either');

select * from finish();
rollback;
