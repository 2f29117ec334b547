begin;
select plan(18);

select has_function('marketing', 'metrics_as_of', array['bigint', 'date', 'date', 'timestamp with time zone']);
select function_returns('marketing', 'metrics_as_of', array['bigint', 'date', 'date', 'timestamp with time zone'], 'setof record');
select volatility_is('marketing', 'metrics_as_of', array['bigint', 'date', 'date', 'timestamp with time zone'], 'stable');
select is_definer('marketing', 'metrics_as_of', array['bigint', 'date', 'date', 'timestamp with time zone']);
select ok(has_function_privilege('marketing_app', 'marketing.metrics_as_of(bigint, date, date, timestamptz)', 'execute'), 'applications may call it');
select ok(not has_function_privilege('public', 'marketing.metrics_as_of(bigint, date, date, timestamptz)', 'execute'), 'nobody else may');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'meta_ads', 'act_9', 'USD', 'America/Los_Angeles');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads'),
  (1003, 102, 'c1', 'Other', 'meta_ads');

set local moadb.now = '2026-11-02 00:00Z';
do $do$ begin perform from marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-01", "clicks": 1}, {"campaign_id": "c1", "date": "2026-11-01", "hour": 3, "clicks": 1}]', 101); end $do$;
set local moadb.now = '2026-11-06 00:00Z';
do $do$ begin perform from marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-01", "clicks": 2}, {"campaign_id": "c1", "date": "2026-11-02", "clicks": 5}]', 101); end $do$;
set local moadb.now = '2026-11-09 00:00Z';
do $do$ begin perform from marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-01", "clicks": 3}]', 101); end $do$;
create function public.said(p_at timestamptz) returns text language sql as $$
  select string_agg(format('%s/%s=%s', m.date, m.hour, m.clicks), ' ')
  from marketing.metrics_as_of(1001, '2026-11-01', '2026-11-30', p_at) as m
$$;
select is(public.said('2026-11-01 00:00Z'), null, 'nothing was known');
select is(public.said('2026-11-05 00:00Z'), '2026-11-01/=1 2026-11-01/3=1', 'what the dashboard said on the fifth');
select is(public.said('2026-11-06 00:00Z'), '2026-11-01/=2 2026-11-01/3=1 2026-11-02/=5', 'from when a load began it counts');
select is(public.said('2026-11-10 00:00Z'), '2026-11-01/=3 2026-11-01/3=1 2026-11-02/=5', 'and now');
select is(
  (select m.recorded from marketing.metrics_as_of(1001, '2026-11-01', '2026-11-01', '2026-11-07 00:00Z') as m where m.hour is null),
  tstzrange('2026-11-06 00:00Z', '2026-11-09 00:00Z'),
  'from when until when it was so'
);
set local moadb.now = '2026-11-15 00:00Z';
do $do$ begin
  perform marketing._retract_metrics(101, '2026-11-02', '2026-11-02', '2026-11-14 00:00Z');
  perform marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-02", "hour": 7, "clicks": 6}]', 101);
end $do$;
select is(public.said('2026-11-15 00:00Z'), '2026-11-01/=3 2026-11-01/3=1 2026-11-02/7=6', 'a day that was taken back gives way to hours');
set local moadb.now = '2026-11-16 00:00Z';
do $do$ begin perform marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-02", "clicks": 8}]', 101); end $do$;
select is(
  array[public.said('2026-11-15 12:00Z'), public.said('2026-11-16 00:00Z')],
  array['2026-11-01/=3 2026-11-01/3=1 2026-11-02/7=6', '2026-11-01/=3 2026-11-01/3=1 2026-11-02/=8 2026-11-02/7=6'], 'then as now'
);
select throws_ok($$ select marketing.metrics_as_of(1, '2026-11-01', '2026-11-01', now()) $$, 'MM008', 'there is no campaign 1', 'an unknown campaign');
select throws_ok($$ select marketing.metrics_as_of(1001, '2026-11-01', '2026-11-01', null) $$, 'MM004', 'p_at is null', 'without an instant');
select throws_ok($$ select marketing.metrics_as_of(1001, '2026-11-02', '2026-11-01', now()) $$, 'MM005', null, 'backwards');
insert into marketing.archives (table_name, partition_name, date_from, date_to, url, columns, rows, bytes, sha256, checksum, status, exported_at, removed_at)
values ('campaign_metric_versions', 'x', '2026-10-01', '2026-11-01', 'file:///x', '[{}]', 1, 1, sha256('x'), 1, 'removed', now(), now());
select throws_ok(
  $$ select marketing.metrics_as_of(1001, '2026-10-31', '2026-11-30', now()) $$, 'MM073', 'the days 2026-10-31 to 2026-10-31 are in the archive',
  'a part of the rows is not shown as all of them'
);
select is(public.said('2026-11-10 00:00Z'), '2026-11-01/=3 2026-11-01/3=1 2026-11-02/=5', 'other days are');

select * from finish();
rollback;
