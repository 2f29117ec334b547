begin;
select plan(8);

select has_function('marketing', '_read_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean']);
select function_returns('marketing', '_read_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean'], 'record');
select volatility_is('marketing', '_read_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean'], 'volatile');
select isnt_definer('marketing', '_read_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean']);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'meta_ads', 'act_9', 'USD', 'America/Los_Angeles');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads'),
  (1003, 102, 'c1', 'Other', 'meta_ads');

select results_eq(
  $$
    select r.campaign_ids, r.date_from, r.date_to
    from marketing._read_metrics('[{"campaign_id": "c2", "date": "2026-11-05"}, {"campaign_id": "c1", "date": "2026-11-02"}]', 101, null) as r
  $$,
  $$ values ('{1001,1002}'::bigint[], date '2026-11-02', date '2026-11-05') $$,
  'the campaigns, and the days between which all rows are'
);
select is((select r.groups from marketing._read_metrics('[]', 101, null) as r), null, 'nothing to read');
select throws_ok(
  $$ select marketing._read_metrics('[{"campaign_id": "c2", "date": "2026-11-05", "snapshot_at": "2026-11-06T00:00:00Z"}]', 101,
    '2026-11-07 00:00Z', true) $$,
  'MM030', null, 'rows of a synchronisation are of its snapshot'
);
select marketing._read_metrics(
  jsonb_build_array(jsonb_build_object('campaign_id', 'c3', 'campaign_name', repeat('n', 300), 'date', '2026-11-05')), 101, null
);
select is(
  (select c.campaign_name from marketing.campaigns as c where c.marketing_account_id = 101 and c.campaign_id = 'c3'), repeat('n', 255)::varchar,
  'a longer name than there is room for does not keep figures out'
);

select * from finish();
rollback;
