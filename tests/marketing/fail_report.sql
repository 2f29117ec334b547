begin;
select plan(19);

select has_function('marketing', 'fail_report', array['bigint', 'uuid', 'text', 'boolean']);
select function_returns('marketing', 'fail_report', array['bigint', 'uuid', 'text', 'boolean'], 'timestamp with time zone');
select volatility_is('marketing', 'fail_report', array['bigint', 'uuid', 'text', 'boolean'], 'volatile');
select is_definer('marketing', 'fail_report', array['bigint', 'uuid', 'text', 'boolean']);
select function_privs_are('marketing', 'fail_report', array['bigint', 'uuid', 'text', 'boolean'], 'marketing_app', '{}');
select function_privs_are('marketing', 'fail_report', array['bigint', 'uuid', 'text', 'boolean'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select pg_temp.ask() as report \gset
select pg_temp.claim();
set local role marketing_admin;
select is(marketing.fail_report(l.task_id, l.token, ' no disk '), '2026-11-18 12:00:10+09', 'tried again in ten seconds') from lease as l;
reset role;
select is(pg_temp.standing(:report), 'pending round 1 attempt 1 no disk', 'it is to be made, and says why it is not yet');
select throws_ok('select marketing.fail_report(l.task_id, l.token, ''x'') from lease as l', 'MP058', null, 'failed is failed');
select throws_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'MP058', null, 'and not completed any more');
select is(pg_temp.claim(), null, 'not before its time');
set local moadb.now = '2026-11-18 12:01+09';
select is(pg_temp.claim(), :'report', 'then it is made again');
select is(pg_temp.standing(:report), 'processing round 1 attempt 2 no disk', 'as the second attempt');
select is(marketing.fail_report(l.task_id, l.token, null, true), null, 'given up at once') from lease as l;
select is(pg_temp.standing(:report), 'failed round 1 attempt 2 it could not be made 2026-11-18 12:01:00', 'it is failed');
select is(pg_temp.claim(), null, 'nobody makes it');

select pg_temp.ask() as report \gset
update platform.tasks as t set attempts = 4 where t.topic = 'marketing.report' and t.dedupe_key = :report || ':1';
select pg_temp.claim();
select is(marketing.fail_report(l.task_id, l.token, repeat('x', 2000)), null, 'the fifth time is the last') from lease as l;
select is((select length(r.error_message) from marketing.reports as r where r.id = :report), 1000, 'so much of why is kept');
select throws_ok('select marketing.fail_report(-1, gen_random_uuid(), ''x'')', 'MP058', null, 'a task that there is not');

select * from finish();
rollback;
