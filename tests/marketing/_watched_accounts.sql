begin;
select plan(8);

select has_function('marketing', '_watched_accounts', array['bigint', 'date']);
select volatility_is('marketing', '_watched_accounts', array['bigint', 'date'], 'stable');
select isnt_definer('marketing', '_watched_accounts', array['bigint', 'date']);
select function_privs_are('marketing', '_watched_accounts', array['bigint', 'date'], 'marketing_app', '{}');

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

select results_eq(
  $$ select * from marketing._watched_accounts(null, null) order by 1 $$,
  $$
    values (9201::bigint, 'Asia/Seoul', '2026-11-17'::date), (9202, 'America/Los_Angeles', '2026-11-16')
  $$, 'each account''s yesterday'
);
select results_eq(
  $$ select marketing_account_id, day from marketing._watched_accounts(null, '2026-11-17') $$, $$ values (9201::bigint, '2026-11-17'::date) $$,
  'a day that is not over is not looked at'
);
select results_eq(
  $$ select marketing_account_id from marketing._watched_accounts(9002, '2026-11-10') $$, $$ values (9202::bigint) $$,
  'of one workspace: what it has disconnected is not looked at'
);
select is_empty($$ select from marketing._watched_accounts(9003, null) $$, 'of none');

select * from finish();
rollback;
