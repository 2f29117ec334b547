begin;
select plan(22);

select has_function('marketing', 'cancel_report', array['bigint']);
select function_returns('marketing', 'cancel_report', array['bigint'], 'void');
select volatility_is('marketing', 'cancel_report', array['bigint'], 'volatile');
select is_definer('marketing', 'cancel_report', array['bigint']);
select function_privs_are('marketing', 'cancel_report', array['bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'cancel_report', array['bigint'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select pg_temp.ask() as report \gset
select pg_temp.act_as(9003);
select throws_ok('select marketing.cancel_report((select max(v.report_id) from marketing.v_reports as v))', 'MM002', null, 'a viewer does not');
select pg_temp.act_as(9002);
select lives_ok(format('select marketing.cancel_report(%s)', :report), 'a user does');
select is((select v.status || ' ' || v.error_message from marketing.v_reports as v where v.report_id = :report), 'failed cancelled', 'and sees it');
select pg_temp.nobody();
set local moadb.now = '2026-11-18 13:00+09';
select lives_ok(format('select marketing.cancel_report(%s)', :report), 'again');
select is(pg_temp.standing(:report), 'failed round 2 attempt 0 cancelled 2026-11-18 12:00:00', 'changes nothing');
select is(pg_temp.claim(), null, 'nobody makes it');
select is((select count(*) from platform.tasks as t where t.topic = 'marketing.report' and t.status = 'ready'), 0::bigint, 'and no task is left');

select pg_temp.ask() as report \gset
select pg_temp.claim();
select lives_ok(format('select marketing.cancel_report(%s)', :report), 'one that is being made');
select throws_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'MM133', null, 'is not completed');
select lives_ok('select marketing.fail_report(l.task_id, l.token, ''late'') from lease as l', 'its worker may fail');
select is(pg_temp.standing(:report), 'failed round 2 attempt 1 cancelled 2026-11-18 13:00:00', 'that is nobody''s concern');
set local moadb.now = '2026-11-18 14:00+09';
select is(pg_temp.claim(), null, 'its task makes nothing');

select pg_temp.ask() as report \gset
select pg_temp.claim();
select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l;
select throws_ok(format('select marketing.cancel_report(%s)', :report), 'MM134', null, 'what is completed is not cancelled');
select pg_temp.ask() as report \gset
select pg_temp.claim();
select marketing.fail_report(l.task_id, l.token, 'no disk', true) from lease as l;
select throws_ok(format('select marketing.cancel_report(%s)', :report), 'MM134', null, 'nor what was given up');
select throws_ok('select marketing.cancel_report(-1)', 'MM130', 'there is no report -1', 'nor what there is not');
set local role marketing_app;
select throws_ok('select marketing.cancel_report(-1)', 'MM003', null, 'somebody must act');

select * from finish();
rollback;
