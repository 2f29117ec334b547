begin;
select plan(26);

select has_function('marketing', 'sync_start', array['bigint', 'text', 'date', 'date', 'text', 'timestamp with time zone', 'boolean', 'text']);
select function_returns('marketing', 'sync_start', array['bigint', 'text', 'date', 'date', 'text', 'timestamp with time zone', 'boolean', 'text'], 'record');
select volatility_is('marketing', 'sync_start', array['bigint', 'text', 'date', 'date', 'text', 'timestamp with time zone', 'boolean', 'text'], 'volatile');
select is_definer('marketing', 'sync_start', array['bigint', 'text', 'date', 'date', 'text', 'timestamp with time zone', 'boolean', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.sync_start(bigint, text, date, date, text, timestamptz, boolean, text)', 'execute'), 'marketing_app may call it');
select ok(not has_function_privilege('public', 'marketing.sync_start(bigint, text, date, date, text, timestamptz, boolean, text)', 'execute'), 'nobody else may');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');
set local moadb.now = '2026-11-10 20:00Z';
create temporary table run on commit drop as select s.* from marketing.sync_start(101, 'full', p_request_key => 'k') as s;
select results_eq(
  $$ select r.window_from, r.window_to, r.cursor from run as r $$,
  $$ values (date '2023-10-12', date '2026-11-11', null::jsonb) $$,
  'the window is the next one'
);
select is(
  (select s.token from marketing.sync_start(101, 'full', p_request_key => 'k') as s), (select r.token from run as r),
  'the same request gets the same token'
);
create temporary table at on commit drop as
  select s.token from marketing.sync_start(102, 'full', p_snapshot_at => '2026-11-10 00:00Z', p_request_key => 'at') as s;
set local timezone = 'Pacific/Auckland';
select is(
  (select s.token from marketing.sync_start(102, 'full', p_snapshot_at => '2026-11-10 00:00Z', p_request_key => 'at') as s),
  (select a.token from at as a), 'in whatever zone the session is'
);
set local timezone = 'UTC';
do $$ begin perform marketing.sync_fail(a.token, 'done') from at as a; end $$;
select is((select count(*) from pg_class as c where c.relname = 'campaign_metrics_2023_10'), 1::bigint, 'months are made ready');
select throws_ok($$ select marketing.sync_start(101) $$, 'MM031', null, 'one at a time');
select lives_ok($$ select marketing.sync_start(101, p_stream => 'conversion_facts') $$, 'of a stream');
select lives_ok($$ select marketing.sync_start(102) $$, 'of an account');
select lives_ok(
  $$
    select marketing.sync_batch(r.token, 'b1', '[]', '{"page": 2}') from run as r;
    select marketing.sync_fail(r.token, 'broken') from run as r;
  $$,
  'it fails'
);
select is((select s.cursor from marketing.sync_start(101, 'full') as s), '{"page": 2}', 'the next one is told where to go on');
do $$ begin perform marketing.sync_finish(l.token) from marketing.data_sync_logs as l where l.stream = 'campaign_metrics' and l.marketing_account_id = 101 and l.status = 'in_progress'; end $$;
select is((select s.cursor from marketing.sync_start(101, 'full') as s), null, 'after one that was finished a full one begins anew');
do $$ begin perform marketing.sync_fail(l.token, 'x') from marketing.data_sync_logs as l where l.stream = 'campaign_metrics' and l.marketing_account_id = 101 and l.status = 'in_progress'; end $$;
select throws_ok($$ select marketing.sync_start(101, 'all') $$, 'MM005', null, 'another type');
select throws_ok($$ select marketing.sync_start(101, p_stream => 'x') $$, 'MM005', null, 'another stream');
select throws_ok($$ select marketing.sync_start(101, p_from => '2026-11-05', p_to => '2026-11-04') $$, 'MM005', null, 'a window that ends before it begins');
select throws_ok($$ select marketing.sync_start(101, p_snapshot_at => '2027-01-01') $$, 'MM005', null, 'a snapshot of the future');
select throws_ok($$ select marketing.sync_start(1) $$, 'MM007', 'there is no account 1', 'an unknown account');
select throws_ok($$ select marketing.sync_start(101, null) $$, 'MM004', 'p_sync_type is null', 'no type');

-- what a run that replaces does not bring is taken back, so it goes on only with what is of its own snapshot
do $$ begin perform marketing.sync_fail(l.token, 'over') from marketing.data_sync_logs as l where l.marketing_account_id = 102 and l.status = 'in_progress'; end $$;
do $$
declare
  v_token uuid;
begin
  select s.token into v_token from marketing.sync_start(102, p_from => '2026-11-05', p_to => '2026-11-06', p_replaces => true) as s;
  perform marketing.sync_batch(v_token, 'b1', '[{"campaign_id": "n1", "date": "2026-11-05", "clicks": 50}]', '{"page": 2}');
  perform marketing.sync_fail(v_token, 'broken');
end;
$$;
set local moadb.now = '2026-11-10 22:00Z';
create temporary table resumed on commit drop as
  select s.* from marketing.sync_start(102, p_from => '2026-11-05', p_to => '2026-11-06', p_replaces => true) as s;
select is((select r.cursor from resumed as r), '{"page": 2}', 'one that replaces goes on with one of the same window that failed');
do $$
begin
  perform marketing.sync_batch(r.token, 'b2', '[{"campaign_id": "n2", "date": "2026-11-05", "clicks": 70}]', '{"page": 3}') from resumed as r;
  perform marketing.sync_finish(r.token) from resumed as r;
end;
$$;
select results_eq(
  $$
    select c.campaign_id::text, d.clicks
    from marketing.campaign_daily as d
    join marketing.campaigns as c on c.id = d.campaign_id
    where c.marketing_account_id = 102
    order by 1
  $$,
  $$ values ('n1', 50::bigint), ('n2', 70) $$, 'and what that one brought stays'
);
create temporary table anew on commit drop as
  select s.* from marketing.sync_start(102, p_from => '2026-11-05', p_to => '2026-11-06', p_replaces => true) as s;
select is((select a.cursor from anew as a), null, 'after one that was finished it brings the window from the beginning');
do $$ begin perform marketing.sync_batch(a.token, 'b1', '[]', '{"page": 2}'), marketing.sync_fail(a.token, 'broken') from anew as a; end $$;
select is(
  (select s.cursor from marketing.sync_start(102, p_from => '2026-11-04', p_to => '2026-11-06', p_replaces => true) as s), null,
  'and so it does after one of another window'
);

select * from finish();
rollback;
