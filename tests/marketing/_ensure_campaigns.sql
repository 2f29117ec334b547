begin;
select plan(10);

select has_function('marketing', '_ensure_campaigns', array['bigint', 'jsonb']);
select function_returns('marketing', '_ensure_campaigns', array['bigint', 'jsonb'], 'setof record');
select volatility_is('marketing', '_ensure_campaigns', array['bigint', 'jsonb'], 'volatile');
select isnt_definer('marketing', '_ensure_campaigns', array['bigint', 'jsonb']);

insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (1, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (2, 'kakao_ads', '111', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values (1000, 1, 'c1', 'Known', 'google_ads');

create temporary table answered on commit drop as select * from marketing._ensure_campaigns(1, '["c1", "c2", "c2"]');
select results_eq(
  $$ select e.campaign_id, c.campaign_id::text, c.id = 1000 from answered as e join marketing.campaigns as c on c.id = e.id order by 1 $$,
  $$ values ('c1', 'c1', true), ('c2', 'c2', false) $$,
  'the one that there is, and the other is made'
);
select results_eq(
  $$ select c.campaign_id::text, c.campaign_name::text, c.platform::text, c.channel_id from marketing.campaigns as c order by 1 $$,
  $$ values ('c1', 'Known', 'google_ads', null), ('c2', 'c2', 'google_ads', null::bigint) $$,
  'its name is its id until it is told'
);
create temporary table named on commit drop as
  select * from marketing._ensure_campaigns(1, '[{"campaign_id": "c3", "campaign_name": "브랜드 검색"}, {"campaign_id": "c1", "campaign_name": "x"}]');
select results_eq(
  $$
    select c.campaign_name::text, h.name::text
    from named as e
    join marketing.campaigns as c on c.id = e.id
    left join marketing.channels as h on h.id = c.channel_id
    order by e.campaign_id
  $$,
  $$ values ('Known', null), ('브랜드 검색', 'google_search') $$,
  'a name is for those that are made, and tells the channel'
);
select is((select count(*) from marketing._ensure_campaigns(2, '["c1"]')), 1::bigint, 'the same id in another account is another campaign');
select is((select count(*) from marketing.campaigns), 4::bigint, 'none is made twice');
select is((select count(*) from marketing._ensure_campaigns(1, '[]')), 0::bigint, 'none, for none');

select * from finish();
rollback;
