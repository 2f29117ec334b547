begin;
select plan(7);

select has_function('marketing', '_mark_metric', array['bigint', 'date']);
select function_returns('marketing', '_mark_metric', array['bigint', 'date'], 'void');
select volatility_is('marketing', '_mark_metric', array['bigint', 'date'], 'volatile');
select isnt_definer('marketing', '_mark_metric', array['bigint', 'date']);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'meta_ads', 'act_9', 'USD', 'America/Los_Angeles');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads'),
  (1003, 102, 'c1', 'Other', 'meta_ads');

select lives_ok($$ select marketing._mark_metric(1001, '2026-11-05'), marketing._mark_metric(1001, '2026-11-05') $$, 'a day is marked');
select results_eq($$ select d.campaign_id, d.date from marketing.dirty_days as d $$, $$ values (1001::bigint, date '2026-11-05') $$, 'once');
select throws_ok($$ select marketing._mark_metric(1, '2026-11-05') $$, 'MM008', 'there is no campaign 1', 'the campaign is there');

select * from finish();
rollback;
