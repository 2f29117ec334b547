begin;
select plan(9);

select has_function('marketing', '_retract_metrics', array['bigint', 'date', 'date', 'timestamp with time zone']);
select function_returns('marketing', '_retract_metrics', array['bigint', 'date', 'date', 'timestamp with time zone'], 'bigint');
select volatility_is('marketing', '_retract_metrics', array['bigint', 'date', 'date', 'timestamp with time zone'], 'volatile');
select isnt_definer('marketing', '_retract_metrics', array['bigint', 'date', 'date', 'timestamp with time zone']);
insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'naver_ads', 'n9', 'KRW', 'Asia/Seoul');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads');

do $$ begin perform marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-01", "clicks": 1}]', 101, '2026-11-05 00:00Z'); end $$;
select is(marketing._retract_metrics(101, '2026-11-01', '2026-11-10', '2026-11-05 00:00Z'), 0::bigint, 'rows of the snapshot stay');
select is(marketing._retract_metrics(101, '2026-11-02', '2026-11-10', '2026-11-06 00:00Z'), 0::bigint, 'rows of other days stay');
select is(marketing._retract_metrics(102, '2026-11-01', '2026-11-10', '2026-11-06 00:00Z'), 0::bigint, 'rows of other accounts stay');
select is(marketing._retract_metrics(101, '2026-11-01', '2026-11-10', '2026-11-06 00:00Z'), 1::bigint, 'the others are taken back');
select results_eq(
  $$ select m.clicks, m.snapshot_at from marketing.campaign_metrics as m $$,
  $$ values (0::bigint, timestamptz '2026-11-06 00:00Z') $$,
  'as zeros'
);

select * from finish();
rollback;
