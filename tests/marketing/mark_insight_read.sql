begin;
select plan(12);

select has_function('marketing', 'mark_insight_read', array['bigint', 'boolean']);
select volatility_is('marketing', 'mark_insight_read', array['bigint', 'boolean'], 'volatile');
select is_definer('marketing', 'mark_insight_read', array['bigint', 'boolean']);
select function_privs_are('marketing', 'mark_insight_read', array['bigint', 'boolean'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'mark_insight_read', array['bigint', 'boolean'], 'marketing_admin', '{EXECUTE}');

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
select throws_ok($$ select marketing.mark_insight_read(-899) $$, 'MM003', null, 'somebody must act');
select marketing.act_as(9102);
select throws_ok($$ select marketing.mark_insight_read(-899) $$, 'MM002', null, 'viewers do not');
select marketing.act_as(9103);
select throws_ok($$ select marketing.mark_insight_read(-899) $$, 'MM110', 'there is no insight -899', 'who is no member does not see it');
select marketing.act_as(9101);
select throws_ok($$ select marketing.mark_insight_read(-1) $$, 'MM110', 'there is no insight -1', 'there is none');

select marketing.mark_insight_read(-899);
select marketing.mark_insight_read(-899);
select is((select l.is_read from marketing.list_insights(9001) as l where l.id = -899), true, 'read');
select is((select count(*) from marketing.list_insights(9001) as l where l.is_read), 1::bigint, 'it alone');
select marketing.mark_insight_read(-899, false);
select is((select l.is_read from marketing.list_insights(9001) as l where l.id = -899), false, 'or not');
reset role;

select * from finish();
rollback;
