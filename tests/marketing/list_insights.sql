begin;
select plan(23);

select has_function('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint']);
select volatility_is('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint'], 'stable');
select is_definer('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint']);
select function_privs_are('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'list_insights', array['bigint', 'integer', 'bigint', 'text', 'boolean', 'text', 'bigint'], 'marketing_admin', '{EXECUTE}');

\ir insights.psql
\ir told.psql

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
