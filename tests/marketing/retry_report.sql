begin;
select plan(22);

select has_function('marketing', 'retry_report', array['bigint']);
select function_returns('marketing', 'retry_report', array['bigint'], 'void');
select volatility_is('marketing', 'retry_report', array['bigint'], 'volatile');
select is_definer('marketing', 'retry_report', array['bigint']);
select function_privs_are('marketing', 'retry_report', array['bigint'], 'marketing_app', '{EXECUTE}');
select function_privs_are('marketing', 'retry_report', array['bigint'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select pg_temp.ask() as report \gset
select marketing.retry_report(:report);
select is(pg_temp.standing(:report), 'pending round 1 attempt 0', 'what is to be made already stays as it is');
select pg_temp.claim();
select marketing.retry_report(:report);
select is(pg_temp.standing(:report), 'processing round 1 attempt 1', 'also while it is made');
select marketing.fail_report(l.task_id, l.token, 'no disk', true) from lease as l;

select pg_temp.act_as(9003);
select throws_ok('select marketing.retry_report((select max(v.report_id) from marketing.v_reports as v))', 'MM002', null, 'a viewer does not');
select pg_temp.act_as(9004);
select throws_ok(format('select marketing.retry_report(%s)', :report), 'MM130', null, 'nor somebody of another workspace');
select pg_temp.act_as(9002);
select lives_ok(format('select marketing.retry_report(%s)', :report), 'a user does');
select pg_temp.nobody();
select is(pg_temp.standing(:report), 'pending round 2 attempt 1', 'it is to be made');
select is(pg_temp.claim(), :'report', 'it is made again');
select is((select t.attempts from platform.tasks as t join lease as l on l.task_id = t.id), 1, 'with all attempts of the queue');
select is((select l.attempt from lease as l), 2, 'under a number of its own');

-- cancelled while it is made, and asked for again: the first worker is late
create temporary table late on commit drop as select * from lease;
select marketing.cancel_report(:report);
select marketing.retry_report(:report);
select is(pg_temp.claim(), :'report', 'another worker makes it');
select throws_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files(''late'')) from late as l', 'MM133', null, 'the first one is refused');
select lives_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'the other is not');
select is(pg_temp.standing(:report), 'completed round 4 attempt 3 file:///a 2026-11-18 12:00:00', 'completed');
select throws_ok(format('select marketing.retry_report(%s)', :report), 'MM134', null, 'what is completed is not made again');
select throws_ok('select marketing.retry_report(-1)', 'MM130', 'there is no report -1', 'nor what there is not');
set local role marketing_app;
select throws_ok('select marketing.retry_report(-1)', 'MM003', null, 'somebody must act');

select * from finish();
rollback;
