begin;
select plan(4);

select has_trigger('marketing', 'campaign_metric_versions', 'campaign_metric_versions_keep', 'rows stay');
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');

insert into marketing.campaign_metrics (campaign_id, date, clicks) values (1001, '2026-11-05', 1);
update marketing.campaign_metrics set clicks = 2;
select throws_ok($$ update marketing.campaign_metric_versions set clicks = 3 $$, 'MM006', null, 'versions do not change');
select throws_ok($$ delete from marketing.campaign_metric_versions $$, 'MM006', null, 'nor go');
select throws_ok($$ truncate marketing.campaign_metric_versions $$, 'MM006', null, 'all at once neither');

select * from finish();
rollback;
