begin;
select plan(16);

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
select results_eq($$ select d.clicks, d.hours from marketing.campaign_daily as d $$, $$ values (0::bigint, null::smallint) $$, 'and so is the day');
select results_eq(
  $$ select * from marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-01", "clicks": 2}]', 101, '2026-11-05 12:00Z') $$,
  $$ values (0::bigint, 0::bigint, 0::bigint, 1::bigint) $$,
  'what was told before and comes late is stale'
);
select set_config('moadb.loading', 'on', true);
do $$ begin
  perform marketing.upsert_campaign_metrics(
    '[{"campaign_id": "c1", "date": "2026-11-01", "hour": 3, "clicks": 4}, {"campaign_id": "c1", "date": "2026-11-01", "hour": 4, "clicks": 5}]',
    101, '2026-11-07 00:00Z'
  );
end $$;
select results_eq($$ select d.clicks, d.hours from marketing.campaign_daily as d $$, $$ values (9::bigint, 2::smallint) $$, 'a daily row that was taken back gives way to hours');
select is_empty($$ select c.invariant from platform.check_invariants('marketing') as c where c.violations > 0 $$, 'and invariants know it');
do $$ begin perform marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-01", "clicks": 0}]', 101, '2026-11-08 00:00Z'); end $$;
select results_eq($$ select d.clicks, d.hours from marketing.campaign_daily as d $$, $$ values (0::bigint, null::smallint) $$, 'zeros that a platform tells are a day');
do $$ begin perform marketing.upsert_campaign_metrics('[{"campaign_id": "c1", "date": "2026-11-01", "hour": 3, "clicks": 6}]', 101, '2026-11-09 00:00Z'); end $$;
select is(marketing._retract_metrics(101, '2026-11-01', '2026-11-10', '2026-11-09 00:00Z'), 2::bigint, 'a day that goes over to hours, all but one of them taken back');
select results_eq($$ select d.clicks, d.hours from marketing.campaign_daily as d $$, $$ values (6::bigint, 2::smallint) $$, 'is the hours that are left');

select * from finish();
rollback;
