begin;
select plan(42);

select has_function('marketing', 'upsert_campaign_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'text']);
select function_returns('marketing', 'upsert_campaign_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'text'], 'record');
select volatility_is('marketing', 'upsert_campaign_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'text'], 'volatile');
select is_definer('marketing', 'upsert_campaign_metrics', array['jsonb', 'bigint', 'timestamp with time zone', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.upsert_campaign_metrics(jsonb, bigint, timestamptz, text)', 'execute'), 'applications may call it');
select ok(not has_function_privilege('public', 'marketing.upsert_campaign_metrics(jsonb, bigint, timestamptz, text)', 'execute'), 'nobody else may');

insert into marketing.marketing_accounts (id, platform, account_id, currency, time_zone) values
  (101, 'google_ads', '111', 'KRW', 'Asia/Seoul'),
  (102, 'meta_ads', 'act_9', 'USD', 'America/Los_Angeles');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform) values
  (1001, 101, 'c1', 'One', 'google_ads'),
  (1002, 101, 'c2', 'Two', 'google_ads'),
  (1003, 102, 'c1', 'Other', 'meta_ads');

-- T1: a day that is loaded twice, by the day and by the hour, counts once
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[{"campaign_id": "c1", "date": "2026-11-01", "impressions": 100, "clicks": 10, "cost": 50, "conversions": 2, "revenue": 200}]',
      101, '2026-11-02 00:00Z'
    )
  $$,
  $$ values (1::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'a day is inserted'
);
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[{"campaign_id": "c1", "date": "2026-11-01", "impressions": 100, "clicks": 10, "cost_micros": 50000000, "conversions": 2, "revenue": 200}]',
      101, '2026-11-03 00:00Z'
    )
  $$,
  $$ values (0::bigint, 0::bigint, 1::bigint, 0::bigint) $$,
  'the same day again is unchanged, in micros, too'
);
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[
        {"campaign_id": "c1", "date": "2026-11-01", "hour": 9, "impressions": 60, "clicks": 6, "cost": 30},
        {"campaign_id": "c1", "date": "2026-11-01", "hour": 10, "impressions": 40, "clicks": 4, "cost": 20},
        {"campaign_id": "c2", "date": "2026-11-01", "hour": 9, "impressions": 7, "clicks": 1, "cost": 3},
        {"campaign_id": "c2", "date": "2026-11-01", "hour": 10, "impressions": 8, "clicks": 2, "cost": 4}
      ]',
      101, '2026-11-03 00:00Z'
    )
  $$,
  $$ values (4::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'hours stand beside the day'
);
select results_eq(
  $$
    select d.campaign_id, d.impressions, d.clicks, d.cost
    from marketing.campaign_daily as d
    where d.campaign_id in (1001, 1002)
    order by d.campaign_id
  $$,
  $$ values (1001::bigint, 100::bigint, 10::bigint, 50.000000), (1002, 15, 3, 7.000000) $$,
  'a day is its own row, or the sum of its hours, never both'
);

-- T2: a day that is read again ten days later has more conversions, then fewer: the latest counts, and what was said before is kept
set local moadb.now = '2026-11-12 00:00Z';
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[{"campaign_id": 1001, "date": "2026-11-01", "impressions": 100, "clicks": 10, "cost": 50, "conversions": 5, "revenue": 500}]'
    )
  $$,
  $$ values (0::bigint, 1::bigint, 0::bigint, 0::bigint) $$,
  'more conversions'
);
set local moadb.now = '2026-11-13 00:00Z';
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[{"campaign_id": 1001, "date": "2026-11-01", "impressions": 100, "clicks": 10, "cost": 50, "conversions": 1.5, "revenue": -20}]'
    )
  $$,
  $$ values (0::bigint, 1::bigint, 0::bigint, 0::bigint) $$,
  'fewer, and a refund'
);
select results_eq(
  $$ select v.conversions from marketing.campaign_metric_versions as v where v.campaign_id = 1001 order by v.recorded $$,
  $$ values (2.000000), (5.000000) $$,
  'each row before is a version'
);
select results_eq(
  $$ select d.conversions, d.revenue from marketing.campaign_daily as d where d.campaign_id = 1001 $$,
  $$ values (1.500000, -20.000000) $$,
  'the day follows'
);

-- T3: an older snapshot that arrives last is not applied
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[{"campaign_id": 1001, "date": "2026-11-01", "impressions": 1}, {"campaign_id": 1001, "date": "2026-11-02", "impressions": 3}]',
      p_snapshot_at => '2026-11-12 12:00Z'
    )
  $$,
  $$ values (1::bigint, 0::bigint, 0::bigint, 1::bigint) $$,
  'what is older than the row is stale, what is new is inserted'
);
select is(
  (select m.impressions from marketing.campaign_metrics as m where (m.campaign_id, m.date) = (1001, '2026-11-01') and m.hour is null),
  100::bigint,
  'the row stays'
);
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[{"campaign_id": 1001, "date": "2026-11-02", "impressions": 3, "snapshot_at": "2026-11-12T23:00:00Z"}]'
    )
  $$,
  $$ values (0::bigint, 0::bigint, 1::bigint, 0::bigint) $$,
  'a newer snapshot says the same'
);
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[{"campaign_id": 1001, "date": "2026-11-02", "impressions": 2, "snapshot_at": "2026-11-12T22:00:00Z"}]'
    )
  $$,
  $$ values (0::bigint, 0::bigint, 0::bigint, 1::bigint) $$,
  'so what was told in between is stale'
);
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[
        {"campaign_id": 1001, "date": "2026-11-02", "impressions": 8, "snapshot_at": "2026-11-12T23:20:00Z"},
        {"campaign_id": 1001, "date": "2026-11-02", "impressions": 9, "snapshot_at": "2026-11-12T23:30:00Z"}
      ]'
    )
  $$,
  $$ values (0::bigint, 1::bigint, 0::bigint, 1::bigint) $$,
  'of two snapshots in one call the newer counts'
);

-- T5: small rates, parts of conversions, rates above one hundred per cent and twelve digits of won are stored exactly
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[
        {"campaign_id": 1002, "date": "2026-11-05", "impressions": 100000, "clicks": 4, "conversions": 2.5, "cost": 123456789012},
        {"campaign_id": 1002, "date": "2026-11-06", "impressions": 10, "clicks": 1, "conversions": 12},
        {"campaign_id": 1002, "date": "2026-11-07", "cost": 99999999999999, "conversions": 0.000001, "revenue": 0.1234567}
      ]'
    )
  $$,
  $$ values (3::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'odd figures are figures'
);
select results_eq(
  $$
    select m.ctr, m.conversions, m.cost, m.conversion_rate
    from marketing.campaign_metrics as m
    where m.campaign_id = 1002 and m.date in ('2026-11-05', '2026-11-06')
    order by m.date
  $$,
  $$ values (0.004000, 2.500000, 123456789012.000000, 62.500000), (10.000000, 12.000000, 0.000000, 1200.000000) $$,
  'exactly'
);
select results_eq(
  $$ select m.cpa, m.revenue from marketing.campaign_metrics as m where m.campaign_id = 1002 and m.date = '2026-11-07' $$,
  $$ values (99999999999999000000.000000, 0.123457) $$,
  'a ratio has room; a seventh decimal is rounded'
);

-- who and what
select results_eq(
  $$
    select * from marketing.upsert_campaign_metrics(
      '[
        {"campaign_id": "new", "campaign_name": "New", "platform": "meta_ads", "account_id": "act_9", "date": "2026-11-05", "clicks": 1},
        {"campaign_id": 1001, "date": "2026-11-05", "hour": 0}
      ]'
    )
  $$,
  $$ values (2::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'rows name their campaigns in two ways'
);
select results_eq(
  $$ select c.marketing_account_id, c.campaign_name::text from marketing.campaigns as c where c.campaign_id = 'new' $$,
  $$ values (102::bigint, 'New') $$,
  'one that was not known is made'
);
select results_eq(
  $$ select * from marketing.upsert_campaign_metrics('[]') $$,
  $$ values (0::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
  'no rows are no rows'
);
select is(
  (select u.inserted from marketing.upsert_campaign_metrics('[{"campaign_id": 1001, "date": "2026-11-10", "clicks": 4}]', null, null, 'k1') as u),
  1::bigint,
  'a request'
);
select is(
  (select u.inserted from marketing.upsert_campaign_metrics('[{"campaign_id": 1001, "date": "2026-11-10", "clicks": 4}]', null, null, 'k1') as u),
  1::bigint,
  'again under its key: the same answer'
);
select throws_ok(
  $$ select marketing.upsert_campaign_metrics('[{"campaign_id": 1001, "date": "2026-11-10", "clicks": 5}]', null, null, 'k1') $$,
  'MP052', null, 'another one under it is refused'
);

select is((select u.stale + u.unchanged + u.changed from marketing.upsert_campaign_metrics(
  '[{"campaign_id": 1001, "date": "2026-11-10", "clicks": 4}]', null, '2026-11-12T00:00Z', 'k2') as u), 1::bigint, 'a request with its snapshot');
set local timezone = 'Pacific/Auckland';
select lives_ok($$ select marketing.upsert_campaign_metrics(
  '[{"campaign_id": 1001, "date": "2026-11-10", "clicks": 4}]', null, '2026-11-12T00:00Z', 'k2') $$, 'again from another zone');
set local timezone = 'UTC';

-- all or none
select throws_ok(
  $$
    select marketing.upsert_campaign_metrics(
      '[{"campaign_id": 1001, "date": "2026-11-08", "clicks": 1}, {"campaign_id": 1001, "date": "2026-11-09", "clicks": -1}]'
    )
  $$,
  'MM030', 'the rows are not accepted: row 1, clicks -1: it is a whole number, 0 or more', 'a bad row refuses all'
);
select throws_ok(
  $$ select marketing.upsert_campaign_metrics('[{"campaign_id": 1001, "date": "2026-11-08", "impressions": 1000000000000000}]') $$,
  'MM030', null, 'a number that sums would have no room for'
);
select is_empty(
  $$ select from marketing.campaign_metrics as m where m.campaign_id = 1001 and m.date = '2026-11-08' $$,
  'and nothing was written'
);
select throws_ok(
  $$ select marketing.upsert_campaign_metrics('[{"campaign_id": 1001, "date": "2026-11-08", "clicks": 1}, {"campaign_id": 1001, "date": "2026-11-08"}]') $$,
  'MM036', 'campaign 1001 has several rows of one snapshot for the same time of 2026-11-08', 'two rows for one day are refused'
);
select throws_ok($$ select marketing.upsert_campaign_metrics('[{"campaign_id": 999, "date": "2026-11-08"}]') $$,
  'MM030', 'the rows are not accepted: row 0, campaign_id 999: there is no such campaign', 'an unknown campaign');
select throws_ok($$ select marketing.upsert_campaign_metrics('[{"campaign_id": 1001, "date": "2026-11-08", "cost": "1_000"}]') $$,
  'MM030', 'the rows are not accepted: row 0, cost "1_000": it is a number, 0 or from a millionth up', 'a number that some versions read');
select throws_ok($$ select marketing.upsert_campaign_metrics('[{"campaign_id": "a\u0000b", "date": "2026-11-08"}]', 101) $$,
  '22P05', null, 'what is no jsonb');
select throws_ok($$ select marketing.upsert_campaign_metrics('[]', 1) $$, 'MM007', 'there is no account 1', 'an unknown account');
select throws_ok($$ select marketing.upsert_campaign_metrics(null) $$, 'MM004', 'p_rows is null', 'no rows are null');
select throws_ok($$ select marketing.upsert_campaign_metrics('{}') $$,
  'MM005', 'p_rows object is not accepted: it is a JSON array of objects', 'no array');
select throws_ok($$ select marketing.upsert_campaign_metrics('[]', null, '2027-01-01') $$, 'MM005', null, 'a snapshot of the future');

set local role marketing_app;
select throws_ok($$ select marketing.upsert_campaign_metrics('[]') $$, 'MM003', 'nobody is said to be acting', 'an application says who acts');
reset role;

select * from finish();
rollback;
