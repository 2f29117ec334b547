begin;
select plan(25);

select has_function('marketing', 'upsert_campaigns', array['bigint', 'jsonb', 'boolean', 'text']);
select function_returns('marketing', 'upsert_campaigns', array['bigint', 'jsonb', 'boolean', 'text'], 'setof record');
select volatility_is('marketing', 'upsert_campaigns', array['bigint', 'jsonb', 'boolean', 'text'], 'volatile');
select is_definer('marketing', 'upsert_campaigns', array['bigint', 'jsonb', 'boolean', 'text']);
select ok(has_function_privilege('marketing_app', 'marketing.upsert_campaigns(bigint, jsonb, boolean, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('marketing_admin', 'marketing.upsert_campaigns(bigint, jsonb, boolean, text)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.upsert_campaigns(bigint, jsonb, boolean, text)', 'execute'), 'readers may not');

set local moadb.now = '2026-11-01 00:00+00';
\ir team.psql

-- T11: a campaign is renamed or deleted at its source: its history stays
insert into marketing.campaign_daily (campaign_id, date, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9002, '2026-11-01', 100, 10, 1000, 1, 2000, 0, 0, 0, 0);
insert into marketing.campaign_monthly (campaign_id, month, days, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves)
values (9002, '2026-11-01', 1, 100, 10, 1000, 1, 2000, 0, 0, 0, 0);

set local moadb.now = '2027-01-01 00:00+00';
select pg_temp.act_as(9002);
select results_eq(
  $$ select * from marketing.upsert_campaigns(9001, '[{"campaign_id": "c1", "campaign_name": "Renamed", "daily_budget": 50000}, {"campaign_id": "c2", "campaign_name": "영상", "network": "VIDEO", "status": "PAUSED", "start_date": "2026-12-01", "end_date": "2026-12-31"}]', p_request_key => 'key') $$,
  $$ values (1::bigint, 1::bigint, 0::bigint, 0::bigint) $$, 'one is new, one changed'
);
select results_eq(
  $$ select * from marketing.upsert_campaigns(9001, '[{"campaign_id": "c1", "campaign_name": "Renamed", "daily_budget": 50000}, {"campaign_id": "c2", "campaign_name": "영상", "network": "VIDEO", "status": "PAUSED", "start_date": "2026-12-01", "end_date": "2026-12-31"}]', p_request_key => 'key') $$,
  $$ values (1::bigint, 1::bigint, 0::bigint, 0::bigint) $$, 'the same request again, the same answer'
);
select results_eq(
  $$ select c.platform_campaign_id::text, c.campaign_name::text, c.channel::text, c.status::text, c.daily_budget, c.start_date, c.end_date from marketing.v_campaigns as c where c.account_id = 9001 order by 1 $$,
  $$ values ('c1', 'Renamed', 'google_search', 'active', 50000.000000, null::date, null::date), ('c2', '영상', 'youtube', 'paused', null, '2026-12-01', '2026-12-31') $$,
  'as the platform says; a channel that there is stays'
);
select results_eq(
  $$ select h.campaign_name::text, h.valid_to from marketing.v_campaign_history as h where h.campaign_id = 9001 order by h.valid_from $$,
  $$ values ('Brand search', '2027-01-01 00:00+00'::timestamptz), ('Renamed', null) $$, 'what it was is known'
);
select results_eq(
  $$ select * from marketing.upsert_campaigns(9001, '[{"campaign_id": "c1"}, {"campaign_id": "c2", "end_date": null}]') $$,
  $$ values (0::bigint, 1::bigint, 1::bigint, 0::bigint) $$, 'what is left out stays, null empties'
);
set local moadb.now = '2027-01-02 00:00+00';
select results_eq(
  $$ select * from marketing.upsert_campaigns(9001, '[{"campaign_id": "c2"}]', true) $$,
  $$ values (0::bigint, 0::bigint, 1::bigint, 1::bigint) $$, 'what is missing of all is deleted there'
);
select results_eq(
  $$ select c.status::text, c.deleted_at from marketing.v_campaigns as c where c.campaign_id = 9001 $$,
  $$ values ('ended', '2027-01-02 00:00+00'::timestamptz) $$, 'and is here still'
);
select results_eq(
  $$ select * from marketing.upsert_campaigns(9001, '[{"campaign_id": "c1", "status": "enabled"}, {"campaign_id": "c2", "deleted": true}]') $$,
  $$ values (0::bigint, 2::bigint, 0::bigint, 0::bigint) $$, 'one comes back, one is deleted by name'
);
select results_eq(
  $$ select c.platform_campaign_id::text, c.deleted_at from marketing.v_campaigns as c where c.account_id = 9001 order by 1 $$,
  $$ values ('c1', null::timestamptz), ('c2', '2027-01-02 00:00+00') $$, 'as it is said'
);
select marketing.upsert_campaigns(9002, '[{"campaign_id": "m1", "campaign_name": "Reels", "network": "instagram"}]');
reset role;
select is((select p.total_impressions from marketing.channel_performance as p), 100::bigint, 'a channel that is found has the figures of the past');
select pg_temp.act_as(9002);
select throws_ok($$ select marketing.upsert_campaigns(9001, '[{"campaign_id": "c3"}, {"campaign_id": "c4", "status": "odd"}]') $$, 'MM019', '1 rows are not accepted', 'all rows');
select is_empty($$ select from marketing.v_campaigns as c where c.platform_campaign_id in ('c3', 'c4') $$, 'or none');
select throws_ok($$ select marketing.upsert_campaigns(9001, '[{"campaign_id": "c3", "start_date": "2026-02-01", "end_date": "2026-01-01"}]') $$, 'MM012', null, 'an end before the beginning');
select throws_ok($$ select marketing.upsert_campaigns(9001, '[]', p_request_key => 'key') $$, 'MP052', null, 'another request under the key');
select throws_ok($$ select marketing.upsert_campaigns(9001, '[]', p_request_key => '') $$, 'MP051', null, 'no key');
select throws_ok($$ select marketing.upsert_campaigns(9003, '[]') $$, 'MM007', null, 'another''s account');
select marketing.act_as(9003);
select throws_ok($$ select marketing.upsert_campaigns(9001, '[]') $$, 'MM002', null, 'a viewer writes nothing');
select marketing.act_as(null);
select throws_ok($$ select marketing.upsert_campaigns(9001, '[]') $$, 'MM003', null, 'nor does nobody');

select * from finish();
rollback;
