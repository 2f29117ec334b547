begin;
select plan(10);

select trigger_is('marketing', 'campaign_metrics', 'campaign_metrics_keep', 'marketing', '_keep_metric');
select trigger_is('marketing', 'campaign_metrics', 'campaign_metrics_follow', 'marketing', '_follow_metrics');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');

insert into marketing.campaign_metrics (campaign_id, date, hour, impressions, clicks)
select 1001, '2026-11-05', h, 10, 1 from generate_series(0, 23) as h;
select is((select d.impressions from marketing.campaign_daily as d), 240::bigint, 'raw rows are rolled up at the end of the statement');
update marketing.campaign_metrics set clicks = 2 where hour < 3;
select is((select d.clicks from marketing.campaign_daily as d), 27::bigint, 'so are changes');
select is((select count(*) from marketing.campaign_metric_versions), 3::bigint, 'the rows before are kept');
update marketing.campaign_metrics set clicks = clicks;
select is((select count(*) from marketing.campaign_metric_versions), 3::bigint, 'what changes nothing is no version');
update marketing.campaign_metrics set date = '2026-12-05' where hour = 0;
select results_eq(
  $$ select d.date, d.clicks, d.hours from marketing.campaign_daily as d order by d.date $$,
  $$ values (date '2026-11-05', 25::bigint, 23::smallint), ('2026-12-05', 2, 1::smallint) $$,
  'both days of a row that moves'
);
delete from marketing.campaign_metrics where date = '2026-12-05';
select is((select count(*) from marketing.campaign_daily), 1::bigint, 'a day without rows has none');
select is((select count(*) from marketing.campaign_metric_versions as v where v.date = '2026-12-05'), 1::bigint, 'what was deleted is kept');
select is_empty($$ select from platform.check_invariants('marketing') as c where c.violations > 0 $$, 'invariants hold');

select * from finish();
rollback;
