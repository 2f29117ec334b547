begin;
select plan(16);

select has_trigger('marketing', 'campaign_metrics', 'trigger_calculate_kpis', 'it is there');
select has_trigger('marketing', 'campaign_metrics', 'trigger_calculate_kpis_update', 'for changes, too');
select trigger_is('marketing', 'campaign_metrics', 'trigger_calculate_kpis', 'marketing', 'calculate_campaign_kpis');
select has_function('marketing', 'calculate_campaign_kpis', array[]::text[]);
select function_returns('marketing', 'calculate_campaign_kpis', array[]::text[], 'trigger');
select volatility_is('marketing', 'calculate_campaign_kpis', array[]::text[], 'volatile');
select isnt_definer('marketing', 'calculate_campaign_kpis', array[]::text[]);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');

create function public.kpis() returns text language sql as $$
  select concat_ws(' ', coalesce(m.ctr::text, '-'), coalesce(m.cpc::text, '-'), coalesce(m.cpm::text, '-'), coalesce(m.conversion_rate::text, '-'),
    coalesce(m.cpa::text, '-'), coalesce(m.roas::text, '-'), coalesce(m.roi::text, '-'))
  from marketing.campaign_metrics as m
$$;

insert into marketing.campaign_metrics (campaign_id, date, impressions, clicks, cost, conversions, revenue, ctr)
values (1001, '2026-11-05', 1000, 50, 200, 10, 700, 99);
select is(public.kpis(), '5.000000 4.000000 200.000000 20.000000 20.000000 3.500000 250.000000', 'all seven, whatever was said');

-- T4: denominators become zero, and are not any more
update marketing.campaign_metrics set impressions = 0, clicks = 0, cost = 0, conversions = 0, revenue = 10;
select is(public.kpis(), '- - - - - - -', 'nothing is divided by zero, and nothing stays of before');
update marketing.campaign_metrics set impressions = 400, clicks = 4, cost = 1, conversions = 0.5;
select is(public.kpis(), '1.000000 0.250000 2.500000 12.500000 2.000000 10.000000 900.000000', 'then they are right again');
update marketing.campaign_metrics set roas = 3;
select is(public.kpis(), '1.000000 0.250000 2.500000 12.500000 2.000000 10.000000 900.000000', 'a ratio is nobody''s to write');
select throws_ok(
  $$ insert into marketing.campaign_metrics (campaign_id, date) values (1, '2026-11-05') $$,
  'MM008', 'there is no campaign 1', 'the campaign is there'
);
select throws_ok($$ update marketing.campaign_metrics set hour = 99 $$, '23514', null, 'hours end at 23');
select throws_ok($$ update marketing.campaign_metrics set clicks = 401 $$, '23514', null, 'a day has no more clicks than impressions');
select throws_ok($$ update marketing.campaign_metrics set cost = 'NaN' $$, '23514', null, 'a cost is a number');
select throws_ok(
  $$ insert into marketing.campaign_metrics (campaign_id, date) values (1001, '2026-11-05') $$,
  '23505', null, 'a day has one row'
);

select * from finish();
rollback;
