begin;
select plan(23);

select has_function('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint']);
select volatility_is('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint'], 'stable');
select is_definer('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint']);
select function_privs_are('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint'], 'marketing_admin', '{EXECUTE}');

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

update marketing.insights set is_read = true where id = -894;
update marketing.insights set is_applied = true, applied_at = '2026-11-18' where id = -895;
update marketing.insights set dismissed_at = '2026-11-18' where id = -896;
update marketing.insights set expires_at = '2026-11-18 03:00+00' where id = -897;
update marketing.insights set campaign_id = 9302 where id = -898;
insert into marketing.insights (workspace_id, dedupe_key, type, title, created_at) values (9002, 'k1', 'warning', 'other', '2026-11-10');

set local role marketing_app;
select throws_ok('select * from marketing.list_insights(9001)', 'MM003', null, 'somebody must act');
select marketing.act_as(9103);
select throws_ok('select * from marketing.list_insights(9001)', 'MM001', null, 'a member');
select is((select l.title from marketing.list_insights(9002) as l), 'other', 'each workspace its own');
select results_eq('select title::text from marketing.v_insights', $$ values ('other') $$, 'in the view, too');
select marketing.act_as(9102);
select results_eq('select title from marketing.list_insights(9001)', $$ values ('t6'), ('t2'), ('t1') $$, 'a viewer sees what stands, the newest first');
select results_eq('select title from marketing.list_insights(9001, 1, -894)', $$ values ('t2') $$, 'the next page');
select results_eq($$ select title, status from marketing.list_insights(9001, p_status => 'all') $$,
  $$ values ('t6', 'open'), ('t5', 'applied'), ('t4', 'dismissed'), ('t3', 'expired'), ('t2', 'open'), ('t1', 'open') $$, 'all');
select results_eq($$ select title from marketing.list_insights(9001, p_status => 'expired') $$, $$ values ('t3') $$, 'by status');
select results_eq('select title from marketing.list_insights(9001, p_unread_only => true)', $$ values ('t2'), ('t1') $$, 'unread');
select results_eq($$ select title from marketing.list_insights(9001, p_priority => 'low') $$, $$ values ('t6') $$, 'by priority');
select results_eq('select title from marketing.list_insights(9001, p_campaign_id => 9302)', $$ values ('t2') $$, 'by campaign');
select is_empty('select from marketing.list_insights(9001, 0)', 'none is none');
select throws_ok($$ select * from marketing.list_insights(9001, p_status => 'new') $$, 'MM005', null, 'a status that there is');
select throws_ok($$ select * from marketing.list_insights(9001, 501) $$, 'MM005', null, 'a limit');
select is((select count(*) from marketing.v_insight_rules where code = 'data_gap'), 1::bigint, 'rules can be read');
select throws_ok('select dedupe_key from marketing.insights', '42501', null, 'no more than the view shows');
select throws_ok('update marketing.insights set is_read = true', '42501', null, 'nothing is written');
reset role;
set local role marketing_read;
select is((select count(*) from marketing.v_insights), 7::bigint, 'reporting reads all');

select * from finish();
rollback;
