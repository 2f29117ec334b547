begin;
select plan(6);

select has_function('marketing', '_write_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean']);
select function_returns('marketing', '_write_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean'], 'record');
select volatility_is('marketing', '_write_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean'], 'volatile');
select isnt_definer('marketing', '_write_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'boolean']);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'meta_ads', 'act_9', 'USD', 'America/Los_Angeles');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads'),
  (1003, 102, 'c1', 'Other', 'meta_ads');

select results_eq(
  $$ select * from marketing._write_metrics('[{"campaign_id": "c1", "date": "2026-11-05"}]', 101, null, false) $$,
  $$ values (1::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'rows are written'
);
select results_eq(
  $$ select * from marketing._write_metrics('[]', 101, null, false) $$,
  $$ values (0::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'none are not'
);

select * from finish();
rollback;
