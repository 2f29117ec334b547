begin;
select plan(10);

select has_function('marketing', '_require_insight', array['bigint', 'text']);
select volatility_is('marketing', '_require_insight', array['bigint', 'text'], 'volatile');
select isnt_definer('marketing', '_require_insight', array['bigint', 'text']);
select function_privs_are('marketing', '_require_insight', array['bigint', 'text'], 'marketing_app', '{}');

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

select is((marketing._require_insight(-899, 'user')).title::text, 't1', 'an operator gets it');
set local moadb.marketing_user = '9102';
select is((marketing._require_insight(-899, 'viewer')).title::text, 't1', 'a viewer who needs no more');
select throws_ok($$ select marketing._require_insight(-899, 'user') $$, 'MM002', null, 'a viewer who needs more');
set local moadb.marketing_user = '9103';
select throws_ok($$ select marketing._require_insight(-899, 'viewer') $$, 'MM110', null, 'of another workspace');
set local moadb.marketing_user = '';
set local role marketing_app;
select throws_ok($$ select marketing.dismiss_insight(-899) $$, 'MM003', null, 'nobody acts');
select throws_ok($$ select marketing.dismiss_insight(-1) $$, 'MM003', null, 'nor is told whether there is one');
reset role;

select * from finish();
rollback;
