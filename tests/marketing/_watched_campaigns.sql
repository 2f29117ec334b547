begin;
select plan(6);

select has_function('marketing', '_watched_campaigns', array['bigint', 'date']);
select volatility_is('marketing', '_watched_campaigns', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_watched_campaigns', array['bigint', 'date']);
select function_privs_are('marketing', '_watched_campaigns', array['bigint', 'date'], 'marketing_app', '{}');

-- Tuesday, 17 November 2026, is over in Seoul; in Los Angeles it is the day that runs
set local moadb.now = '2026-11-18 03:00+00';
insert into marketing.users (id, email, password_hash, name, role) values (9101, 'a@example.com', 'x', 'a', 'user');
insert into marketing.workspaces (id, name, time_zone, report_currency) values (9001, 'one', 'Asia/Seoul', 'KRW'), (9002, 'two', 'Asia/Seoul', 'KRW');
insert into marketing.marketing_accounts (id, platform, account_id, account_name, currency, time_zone)
values (9201, 'google_ads', 'g1', 'G', 'KRW', 'Asia/Seoul'), (9202, 'meta_ads', 'm1', 'M', 'USD', 'America/Los_Angeles');
insert into marketing.account_connections (workspace_id, marketing_account_id, user_id, connected_at, disconnected_at)
values (9001, 9201, 9101, '2026-01-01', null), (9002, 9202, 9101, '2026-01-01', null), (9002, 9201, 9101, '2026-01-01', '2026-02-01');
insert into marketing.campaigns (id, marketing_account_id, campaign_id, campaign_name, platform)
select 9300 + n, case when n = 9 then 9202 else 9201 end, 'c' || n, 'C' || n, case when n = 9 then 'meta_ads' else 'google_ads' end
from generate_series(1, 9) as n;

update marketing.campaigns set status = 'paused' where id = 9302;
update marketing.campaigns set status = 'ended' where id = 9303;
update marketing.campaigns set deleted_at = '2026-11-01' where id = 9304;
update marketing.campaigns set start_date = '2026-11-18' where id = 9305;
update marketing.campaigns set start_date = '2026-11-17', end_date = '2026-11-17' where id = 9306;
update marketing.campaigns set end_date = '2026-11-16' where id = 9307;
select results_eq(
  $$ select campaign_id, marketing_account_id, day from marketing._watched_campaigns(9001, null) order by 1 $$,
  $$
    values (9301::bigint, 9201::bigint, '2026-11-17'::date), (9306, 9201, '2026-11-17'), (9308, 9201, '2026-11-17')
  $$, 'those that run: not paused, ended, deleted, to come or over'
);
select is((select count(*) from marketing._watched_campaigns(null, null)), 4::bigint, 'of all workspaces');

select * from finish();
rollback;
