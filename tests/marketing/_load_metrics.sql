begin;
select plan(17);

select has_function('marketing', '_load_metrics', array['text', 'bigint[]', 'date', 'date', 'marketing.metric_group[]', 'boolean']);
select function_returns('marketing', '_load_metrics', array['text', 'bigint[]', 'date', 'date', 'marketing.metric_group[]', 'boolean'], 'record');
select volatility_is('marketing', '_load_metrics', array['text', 'bigint[]', 'date', 'date', 'marketing.metric_group[]', 'boolean'], 'volatile');
select isnt_definer('marketing', '_load_metrics', array['text', 'bigint[]', 'date', 'date', 'marketing.metric_group[]', 'boolean']);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'meta_ads', 'act_9', 'USD', 'America/Los_Angeles');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads'),
  (1003, 102, 'c1', 'Other', 'meta_ads');

create table public.facts (
  campaign_id bigint, date date, hour smallint, impressions bigint, clicks bigint, cost numeric(20, 6), conversions numeric(20, 6),
  revenue numeric(20, 6), likes bigint, shares bigint, comments bigint, saves bigint, snapshot_at timestamptz
);
insert into public.facts
select 1000 + c, date '2026-11-01' + d, h, 10, 1, 2, 0.5, 4, 1, 1, 1, 1, '2026-11-09 00:00Z'
from generate_series(1, 2) as c, generate_series(0, 2) as d, generate_series(0, 23) as h;

select results_eq(
  $$ select * from marketing._load_metrics('select * from public.facts', '{1002, 1001}', '2026-11-01', '2026-11-03') $$,
  $$ values (144::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'days that are new are inserted as they come'
);
select results_eq(
  $$ select * from marketing._load_metrics('select * from public.facts', '{1001, 1002}', '2026-11-01', '2026-11-03') $$,
  $$ values (0::bigint, 0::bigint, 144::bigint, 0::bigint) $$,
  'the same again'
);
select results_eq(
  $$ select d.hours, d.impressions, d.cost from marketing.campaign_daily as d group by 1, 2, 3 $$,
  $$ values (24::smallint, 240::bigint, 48.000000) $$,
  'rolled up'
);
update public.facts set snapshot_at = '2026-11-10 00:00Z', clicks = 2 where hour = 5;
update public.facts set snapshot_at = '2026-11-08 00:00Z', clicks = 3 where hour = 6;
insert into public.facts select 1001, '2026-11-04', 1, 10, 1, 2, 0.5, 4, 1, 1, 1, 1, '2026-11-09 00:00Z';
select results_eq(
  $$ select * from marketing._load_metrics('select * from public.facts', '{1001, 1002}', '2026-11-01', '2026-11-04') $$,
  $$ values (1::bigint, 6::bigint, 132::bigint, 6::bigint) $$,
  'new, changed, unchanged and stale ones together'
);
select is((select count(*) from marketing.campaign_metric_versions), 6::bigint, 'the changed ones have a version');
select is_empty(
  $$
    select from marketing.campaign_metrics as m
    join marketing.campaign_metric_versions as v on (v.campaign_id, v.date, v.hour) = (m.campaign_id, m.date, m.hour)
    where upper(v.recorded) <> m.updated_at or m.updated_at <= lower(v.recorded)
  $$,
  'which ends where the row begins, later than it began, in one transaction, too'
);
insert into public.facts select * from public.facts where hour = 7 limit 1;
select throws_ok(
  $$ select marketing._load_metrics('select * from public.facts', '{1001, 1002}', '2026-11-01', '2026-11-04') $$,
  'MM036', null, 'a repeated row'
);
select throws_ok(
  $$ select marketing._load_metrics('select f.campaign_id, f.date + 100, f.hour, f.impressions, f.clicks, f.cost, f.conversions, f.revenue,
    f.likes, f.shares, f.comments, f.saves, f.snapshot_at from public.facts as f', '{1001, 1002}', '2027-02-01', '2027-03-01') $$,
  'MM036', null, 'also where all is new'
);
select throws_ok(
  $$ select marketing._load_metrics('select f.campaign_id, f.date, 99::smallint, f.impressions, f.clicks, f.cost, f.conversions, f.revenue,
    f.likes, f.shares, f.comments, f.saves, f.snapshot_at from public.facts as f limit 1', '{1001, 1002}', '2026-11-01', '2026-11-04') $$,
  'MM030', null, 'what a constraint refuses'
);
select throws_ok(
  $$ select marketing._load_metrics('select * from public.facts', '{1, 1001}', '2026-11-01', '2026-11-04') $$,
  'MM008', 'there is no campaign 1', 'a campaign that is not there'
);
select is_empty($$ select from platform.check_invariants('marketing') as c where c.violations > 0 $$, 'invariants hold');

insert into marketing.archives (
  table_name, partition_name, date_from, date_to, url, rows, bytes, sha256, checksum, columns, status, exported_at, removed_at
)
values ('campaign_metrics', 'campaign_metrics_2026_11', '2026-11-01', '2026-12-01', 'file:///x', 1, 1, sha256('x'), 1, '["x"]', 'removed', now(), now());
select throws_ok(
  $$ select marketing._load_metrics('select * from public.facts', '{1001, 1002}', '2026-11-01', '2026-11-04') $$,
  'MM034', 'the facts of 2026-11 are in the archive', 'a month that has left'
);
select is(current_setting('moadb.loading', true), '', 'triggers work again');

select * from finish();
rollback;
