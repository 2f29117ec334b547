begin;
select plan(9);

select has_function('marketing', 'expire_insights', array['integer']);
select volatility_is('marketing', 'expire_insights', array['integer'], 'volatile');
select is_definer('marketing', 'expire_insights', array['integer']);
select function_privs_are('marketing', 'expire_insights', array['integer'], 'marketing_app', '{}');
select function_privs_are('marketing', 'expire_insights', array['integer'], 'marketing_admin', '{EXECUTE}');

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

update marketing.insights set expires_at = '2026-11-18 03:00+00' where id in (-899, -898);
update marketing.insights set expires_at = '2026-11-18 03:00:01+00' where id = -897;
update marketing.insights set expires_at = null where id = -896;
set local role marketing_admin;
select is(marketing.expire_insights(1), 1::bigint, 'as many as are asked for');
select is(marketing.expire_insights(), 1::bigint, 'the rest');
select is(marketing.expire_insights(), 0::bigint, 'and no more');
reset role;
select results_eq(
  $$ select i.id, i.closed_at from marketing.insights as i where i.closed_at is not null order by 1 $$,
  $$ values (-899::bigint, '2026-11-18 03:00+00'::timestamptz), (-898, '2026-11-18 03:00+00') $$, 'those that have expired'
);

select * from finish();
rollback;
