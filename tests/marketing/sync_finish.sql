begin;
select plan(25);

select has_function('marketing', 'sync_finish', array['uuid', 'jsonb']);
select function_returns('marketing', 'sync_finish', array['uuid', 'jsonb'], 'record');
select volatility_is('marketing', 'sync_finish', array['uuid', 'jsonb'], 'volatile');
select is_definer('marketing', 'sync_finish', array['uuid', 'jsonb']);
select ok(has_function_privilege('marketing_app', 'marketing.sync_finish(uuid, jsonb)', 'execute'), 'marketing_app may call it');
select ok(not has_function_privilege('public', 'marketing.sync_finish(uuid, jsonb)', 'execute'), 'nobody else may');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');

do $$
begin
  perform marketing.upsert_campaign_metrics('[
    {"campaign_id": "c1", "date": "2026-11-01", "impressions": 10, "clicks": 1}, {"campaign_id": "c1", "date": "2026-11-02", "clicks": 2},
    {"campaign_id": "c2", "date": "2026-11-03", "clicks": 3}, {"campaign_id": "c2", "date": "2026-11-03", "hour": 4, "clicks": 1},
    {"campaign_id": "c2", "date": "2026-11-11", "clicks": 4}
  ]', 101, '2026-11-05 00:00Z');
end;
$$;
create temporary table run on commit drop as
select s.* from marketing.sync_start(101, 'full', '2026-11-01', '2026-11-10', p_snapshot_at => '2026-11-06 00:00Z', p_replaces => true) as s;
do $$
begin
  perform marketing.sync_batch(r.token, 'b1', '[
    {"campaign_id": "c1", "date": "2026-11-01", "impressions": 10, "clicks": 1}, {"campaign_id": "c2", "date": "2026-11-03", "hour": 5, "clicks": 9}
  ]') from run as r;
end;
$$;
select results_eq(
  $$ select f.* from run as r, marketing.sync_finish(r.token, '{"next": 1}') as f $$,
  $$ values (2::bigint, 1::bigint, 0::bigint, 3::bigint) $$,
  'what it did not bring of its window is taken back'
);
select results_eq(
  $$ select m.campaign_id, m.date, m.hour, m.clicks from marketing.campaign_metrics as m order by 1, 2, 3 nulls first $$,
  $$
    values
      (1001::bigint, date '2026-11-01', null::smallint, 1::bigint), (1001, '2026-11-02', null, 0),
      (1002, '2026-11-03', null, 0), (1002, '2026-11-03', 4::smallint, 0), (1002, '2026-11-03', 5::smallint, 9), (1002, '2026-11-11', null, 4)
  $$,
  'it becomes zeros; other days stay'
);
select results_eq(
  $$ select v.campaign_id, v.date, v.hour, v.clicks from marketing.campaign_metric_versions as v order by 1, 2, 3 nulls first $$,
  $$ values (1001::bigint, date '2026-11-02', null::smallint, 2::bigint), (1002, '2026-11-03', null, 3), (1002, '2026-11-03', 4::smallint, 1) $$,
  'what was said stays as versions'
);
select is((select d.clicks from marketing.campaign_daily as d where (d.campaign_id, d.date) = (1002, '2026-11-03')), 9::bigint, 'days follow');
select results_eq(
  $$ select * from marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-02", "clicks": 2}]', 101, '2026-11-05 12:00Z') $$,
  $$ values (0::bigint, 0::bigint, 0::bigint, 1::bigint) $$,
  'what was told before and comes later is stale'
);
select results_eq(
  $$
    select *
    from marketing.upsert_campaign_metrics('[
      {"campaign_id": "c1", "date": "2026-11-02", "hour": 3, "clicks": 2}, {"campaign_id": "c2", "date": "2026-11-09", "clicks": 2},
      {"campaign_id": "new", "date": "2026-11-10", "clicks": 2}, {"campaign_id": "new", "date": "2026-11-11", "clicks": 3}
    ]', 101, '2026-11-05 12:00Z')
  $$,
  $$ values (1::bigint, 0::bigint, 0::bigint, 3::bigint) $$,
  'so are hours, days and campaigns that there is no row of, as far as the window goes'
);
select results_eq(
  $$
    select *
    from marketing.upsert_campaign_metrics('[
      {"campaign_id": "c1", "date": "2026-11-02", "hour": 3, "clicks": 2}, {"campaign_id": "new", "date": "2026-11-10", "clicks": 2}
    ]', 101, '2026-11-06 00:00Z')
  $$,
  $$ values (2::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'what is as new is taken'
);
select is((select sum(d.clicks) from marketing.campaign_daily as d where d.date between '2026-11-01' and '2026-11-10'), 14::numeric, 'and counts');
select results_eq(
  $$ select f.* from run as r, marketing.sync_finish(r.token, '{"next": 1}') as f $$,
  $$ values (2::bigint, 1::bigint, 0::bigint, 3::bigint) $$,
  'again: the same answer'
);
select results_eq(
  $$ select c.cursor, c.synced_to, c.settled_to from marketing.sync_cursors as c $$,
  $$ values ('{"next": 1}'::jsonb, date '2026-11-10', date '2026-10-06') $$,
  'how far it was read, and up to which day that does not change any more'
);
select is((select l.status::text from marketing.data_sync_logs as l), 'success', 'it has ended');
select throws_ok($$ select marketing.sync_batch(r.token, 'b2', '[]') from run as r $$, 'MM032', null, 'nothing is loaded after');
do $$
declare
  v_token uuid;
begin
  perform set_config('moadb.now', '2027-01-20 03:00Z', true);
  select s.token into v_token from marketing.sync_start(101, p_from => '2026-12-21') as s;
  perform marketing.sync_finish(v_token);
end;
$$;
select results_eq(
  $$ select c.synced_to, c.settled_to from marketing.sync_cursors as c $$,
  $$ values (date '2026-11-10', date '2026-10-06') $$,
  'a window that leaves days out says nothing of these'
);
do $$
declare
  v_token uuid;
begin
  select s.token into v_token from marketing.sync_start(101) as s;
  perform marketing.sync_finish(v_token);
end;
$$;
select results_eq(
  $$ select l.window_from, c.synced_to, c.settled_to from marketing.sync_cursors as c, marketing.data_sync_logs as l order by l.id desc limit 1 $$,
  $$ values (date '2026-10-07', date '2027-01-20', date '2026-12-20') $$,
  'after an outage all is read again that was not settled when it was read'
);
do $$
declare
  v_token uuid;
begin
  select s.token into v_token from marketing.sync_start(101, 'full', '2027-01-19', '2027-01-19', p_replaces => true) as s;
  perform marketing.sync_batch(v_token, 'b', '[{"campaign_id": "c1", "date": "2027-01-20", "clicks": 7}]');
  perform marketing.sync_finish(v_token);
  select s.token into v_token from marketing.sync_start(101, 'full', '2027-01-19', '2027-01-19', p_replaces => true) as s;
  perform marketing.sync_finish(v_token);
end;
$$;
select is(
  (select d.clicks from marketing.campaign_daily as d where d.date = '2027-01-20'), 7::bigint,
  'what it brought of a day outside its window counts, and is not taken back by the next'
);
select is_empty($$ select from platform.check_invariants('marketing') as c where c.violations > 0 $$, 'invariants hold');
insert into marketing.archives (
  table_name, partition_name, date_from, date_to, url, rows, bytes, sha256, checksum, columns, status, exported_at, removed_at
)
values ('campaign_metrics', 'campaign_metrics_2027_01', '2027-01-01', '2027-02-01', 'file:///x', 1, 1, sha256('x'), 1, '["x"]', 'removed', now(), now());
do $$
declare
  v_token uuid;
begin
  perform set_config('moadb.now', '2027-05-20 03:00Z', true);
  select s.token into v_token from marketing.sync_start(101) as s;
  perform marketing.sync_finish(v_token);
end;
$$;
select results_eq(
  $$ select l.window_from, c.synced_to, c.settled_to from marketing.sync_cursors as c, marketing.data_sync_logs as l order by l.id desc limit 1 $$,
  $$ values (date '2027-02-01', date '2027-05-20', date '2027-04-19') $$,
  'months that have left for the archive are passed over'
);
create temporary table late on commit drop as
select s.* from marketing.sync_start(101, 'full', '2027-01-01', '2027-02-28', p_replaces => true) as s;
select throws_ok(
  $$ select marketing.sync_finish(l.token) from late as l $$, 'MM034', 'the facts of 2027-01 are in the archive',
  'what a platform has no more of a month in the archive is not left untold'
);
select throws_ok($$ select marketing.sync_finish(gen_random_uuid()) $$, 'MM033', 'no synchronisation has that token', 'an unknown token');

select * from finish();
rollback;
