begin;
select plan(16);

select has_function('marketing', 'apply_insight', array['bigint']);
select volatility_is('marketing', 'apply_insight', array['bigint'], 'volatile');
select is_definer('marketing', 'apply_insight', array['bigint']);
select function_privs_are('marketing', 'apply_insight', array['bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'apply_insight', array['bigint'], 'marketing_admin', '{EXECUTE}');

-- Tuesday, 17 November 2026, is over in Seoul
set local moadb.now = '2026-11-18 03:00+00';
insert into marketing.users (id, email, password_hash, name, role)
select 9100 + n, n || '@example.com', 'x', 'u' || n, 'user' from generate_series(1, 4) as n;
insert into marketing.workspaces (id, name, time_zone, report_currency) values (9001, 'one', 'Asia/Seoul', 'KRW'), (9002, 'two', 'Asia/Seoul', 'KRW');
insert into marketing.workspace_members (workspace_id, user_id, role)
values (9001, 9101, 'user'), (9001, 9102, 'viewer'), (9002, 9103, 'admin');
insert into marketing.marketing_accounts (id, platform, account_id, account_name, currency, time_zone)
values (9201, 'google_ads', 'g1', 'G', 'KRW', 'Asia/Seoul'), (9202, 'meta_ads', 'm1', null, 'USD', 'America/Los_Angeles');
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id, connected_at)
values (9001, 9201, 9101, '2026-01-01'), (9002, 9202, 9103, '2026-01-01');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
select 9300 + n, case when n = 9 then 9202 else 9201 end, 'c' || n, 'C' || n, case when n = 9 then 'meta_ads' else 'google_ads' end
from generate_series(1, 9) as n;

insert into marketing.insights (
  id, workspace_id, marketing_account_id, campaign_id, dedupe_key, type, title, priority, metric, created_at, expires_at
)
overriding system value
select -900 + n, 9001, 9201, 9301, 'k' || n, 'warning', 't' || n, case when n < 4 then 'high' else 'low' end, 'cpc', '2026-11-10', '2026-12-01'
from generate_series(1, 6) as n;

set local role marketing_app;
select throws_ok($$ select marketing.apply_insight(-899) $$, 'MM003', null, 'somebody must act');
select marketing.act_as(9102);
select throws_ok($$ select marketing.apply_insight(-899) $$, 'MM002', null, 'viewers do not');
select marketing.act_as(9103);
select throws_ok($$ select marketing.apply_insight(-899) $$, 'MM110', 'there is no insight -899', 'who is no member does not see it');
select marketing.act_as(9101);
select throws_ok($$ select marketing.apply_insight(-1) $$, 'MM110', 'there is no insight -1', 'there is none');

-- noon of the 18th in Seoul: 14 days from the 19th to 2 December
select is(marketing.apply_insight(-899), '2026-12-03'::date, 'the day after the last');
set local moadb.now = '2026-11-20 03:00+00';
select is(marketing.apply_insight(-899), '2026-12-03'::date, 'the same again');
reset role;
select results_eq(
  $$ select i.is_applied, i.is_read, i.applied_at, i.decided_by, i.outcome_due, i.expires_at from marketing.insights as i where i.id = -899 $$,
  $$ values (true, true, '2026-11-18 03:00+00'::timestamptz, 9101::bigint, '2026-12-03'::date, '2026-12-04 03:00+00'::timestamptz) $$,
  'who, when; it stands until the outcome is there'
);
update marketing.insights set dismissed_at = '2026-11-18' where id = -898;
select throws_ok('select marketing.apply_insight(-898)', 'MM111', 'insight -898 is dismissed: it cannot be told to apply', 'not what was dismissed');
update marketing.insights set closed_at = '2026-11-18' where id = -897;
select is(marketing.apply_insight(-897), '2026-12-05'::date, 'what has expired can be');
update marketing.insights set campaign_id = null where id = -896;
update marketing.insights set metric = null where id = -895;
select is(marketing.apply_insight(-896), null, 'nothing to measure of an account');
select is(marketing.apply_insight(-895), null, 'nor without a metric');

select * from finish();
rollback;
