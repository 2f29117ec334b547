begin;
select plan(25);

select has_function('marketing', 'list_reports', array['bigint', 'text', 'integer', 'bigint']);
select function_returns('marketing', 'list_reports', array['bigint', 'text', 'integer', 'bigint'], 'setof record');
select volatility_is('marketing', 'list_reports', array['bigint', 'text', 'integer', 'bigint'], 'stable');
select is_definer('marketing', 'list_reports', array['bigint', 'text', 'integer', 'bigint']);
select function_privs_are('marketing', 'list_reports', array['bigint', 'text', 'integer', 'bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'list_reports', array['bigint', 'text', 'integer', 'bigint'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select pg_temp.ask('One') as one \gset
select pg_temp.ask('Two') as two \gset
select pg_temp.ask('Other', 9002) as other \gset
select pg_temp.claim();
select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l;

select pg_temp.act_as(9003);
select results_eq(
  $$ select l.title, l.status, l.workspace, split_part(l.file_url, '/workspace-', 1) from marketing.list_reports(9001) as l $$,
  $$ values ('Two', 'pending', 'Team', null), ('One', 'completed', 'Team', 'file:///a') $$, 'a viewer sees them, the newest first'
);
select results_eq('select v.title::text from marketing.v_reports as v order by 1', $$ values ('One'), ('Two') $$, 'also in the view');
select results_eq($$ select l.title from marketing.list_reports(9001, 'completed') as l $$, $$ values ('One') $$, 'by status');
select results_eq('select l.title from marketing.list_reports(9001, p_limit => 1) as l', $$ values ('Two') $$, 'a page');
select results_eq(
  format('select l.title from marketing.list_reports(9001, p_before_id => %s) as l', :two), $$ values ('One') $$, 'the next page'
);
select is_empty('select from marketing.list_reports(9001, p_limit => 0)', 'none is none');
select throws_ok('select from marketing.list_reports(9002)', 'MM001', null, 'another''s workspace');
select throws_ok('select from marketing.list_reports()', 'MM004', null, 'all are for operators');
select throws_ok('select from marketing.list_reports(9001, ''new'')', 'MM005', null, 'a status that there is not');
select throws_ok('select from marketing.list_reports(9001, p_limit => -1)', 'MM005', null, 'less than none');
select throws_ok('select from marketing.list_reports(9001, p_limit => 501)', 'MM005', null, 'too many');
select throws_ok('select from marketing.list_reports(9001, p_limit => null)', 'MM005', null, 'no limit');
select throws_ok('select marketing.request_report(9001, ''A'', ''daily'')', 'MM002', null, 'a viewer asks for none');
select throws_ok('insert into marketing.reports (workspace_id) values (9001)', '42501', null, 'nothing is written by hand');
select throws_ok('select round from marketing.reports', '42501', null, 'no more than the view shows');
select pg_temp.nobody();
set local role marketing_app;
select throws_ok('select from marketing.list_reports()', 'MM003', null, 'somebody must act');
select is_empty('select from marketing.v_reports', 'who is nobody sees nothing');
set local role marketing_admin;
select results_eq('select l.title from marketing.list_reports() as l', $$ values ('Other'), ('Two'), ('One') $$, 'operators see all');
set local role marketing_read;
select is((select count(*) from marketing.v_reports), 3::bigint, 'so does reporting');

select * from finish();
rollback;
