begin;
select plan(20);

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
select is(marketing.fail_report(l.task_id, l.token, ' no disk '), '2026-11-18 12:01+09', 'tried again in a minute') from lease as l;
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

-- a disk that is full for an hour fails no report for good
select pg_temp.ask() as report \gset
create temporary table waits (attempt integer, wait interval);
create function pg_temp.fail() returns void language sql as $$
  select pg_temp.claim();
  insert into waits select l.attempt, marketing.fail_report(l.task_id, l.token, 'no disk') - platform.now() from lease as l;
  select set_config('moadb.now', (platform.now() + (select max(w.wait) from waits as w))::text, true);
$$;
select pg_temp.fail() from generate_series(1, 5);
select results_eq(
  'select w.attempt, w.wait from waits as w order by w.attempt',
  $$ values (1, interval '1 minute'), (2, '4 minutes'), (3, '16 minutes'), (4, '1 hour'), (5, null) $$, 'later and later'
);

select pg_temp.ask() as report \gset
update platform.tasks as t set attempts = 4 where t.topic = 'marketing.report' and t.dedupe_key = :report || ':1';
select pg_temp.claim();
select is(marketing.fail_report(l.task_id, l.token, repeat('x', 2000)), null, 'the fifth time is the last') from lease as l;
select is((select length(r.error_message) from marketing.reports as r where r.id = :report), 1000, 'so much of why is kept');
select throws_ok('select marketing.fail_report(-1, gen_random_uuid(), ''x'')', 'MP058', null, 'a task that there is not');

select * from finish();
rollback;
