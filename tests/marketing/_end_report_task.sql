begin;
select plan(14);

select has_function('marketing', '_end_report_task', array['bigint', 'uuid']);
select function_returns('marketing', '_end_report_task', array['bigint', 'uuid'], 'bigint');
select volatility_is('marketing', '_end_report_task', array['bigint', 'uuid'], 'volatile');
select isnt_definer('marketing', '_end_report_task', array['bigint', 'uuid']);
select function_privs_are('marketing', '_end_report_task', array['bigint', 'uuid'], 'marketing_app', '{}');
select function_privs_are('marketing', '_end_report_task', array['bigint', 'uuid'], 'marketing_admin', '{}');

\ir team.psql
\ir reports.psql

select pg_temp.ask() as report \gset
select pg_temp.claim();
select throws_ok($$ select marketing._end_report_task(l.task_id, gen_random_uuid()) from lease as l $$, 'MP058', null, 'who has no lease ends nothing');
select throws_ok($$ select marketing._end_report_task(-1, gen_random_uuid()) $$, 'MP058', null, 'nor a task that there is not');
select is(marketing._end_report_task(l.task_id, l.token), :'report', 'the report') from lease as l;
select is((select t.status from platform.tasks as t join lease as l on l.task_id = t.id), 'done', 'its task is done');
select is(marketing._end_report_task(l.task_id, l.token), :'report', 'again the same') from lease as l;

select pg_temp.ask() as report \gset
select pg_temp.claim();
select marketing.cancel_report(:report);
select throws_ok($$ select marketing._end_report_task(l.task_id, l.token) from lease as l $$, 'MM133', null, 'it was cancelled');
select marketing.retry_report(:report);
select throws_ok($$ select marketing._end_report_task(l.task_id, l.token) from lease as l $$, 'MM133', null, 'and what was asked for again is another round');

select platform.enqueue_task('tap.other', jsonb_build_object('report_id', :report, 'round', 3)) as other \gset
select c.lease_token as token from platform.claim_tasks('tap.other') as c \gset
select throws_ok(format('select marketing._end_report_task(%s, %L)', :other, :'token'), 'MM133', null, 'a task of another topic');

select * from finish();
rollback;
