begin;
select plan(30);

select has_function('marketing', 'claim_report', array['interval', 'text']);
select function_returns('marketing', 'claim_report', array['interval', 'text'], 'setof record');
select volatility_is('marketing', 'claim_report', array['interval', 'text'], 'volatile');
select is_definer('marketing', 'claim_report', array['interval', 'text']);
select function_privs_are('marketing', 'claim_report', array['interval', 'text'], 'marketing_app', '{}');
select function_privs_are('marketing', 'claim_report', array['interval', 'text'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select is(pg_temp.claim(), null, 'nothing is to be made');
select pg_temp.ask('First') as first \gset
set local moadb.now = '2026-11-18 12:01+09';
select pg_temp.ask('Second', 9002) as second \gset
set local role marketing_admin;
select results_eq(
  $$ select c.attempt, c.leased_until from marketing.claim_report('5 minutes', 'w') as c $$,
  $$ values (1, '2026-11-18 12:06+09'::timestamptz) $$, 'the first, on lease, by an operator'
);
reset role;
select is(pg_temp.standing(:first), 'processing round 1 attempt 1', 'it is being made');
select is(pg_temp.claim(), :'second', 'the next, of whatever workspace');
create temporary table dead on commit drop as select * from lease;
select is(pg_temp.claim(), null, 'each once');

-- a worker that died loses its lease
set local moadb.now = '2026-11-18 12:06+09';
select is(pg_temp.claim(), :'first', 'when the lease is over it is claimed again');
select is((select l.attempt from lease as l), 2, 'as the second attempt');
select is(pg_temp.claim(), :'second', 'the other, too');
select throws_ok('select marketing.complete_report(d.task_id, d.token, pg_temp.files()) from dead as d', 'MP058', null, 'who comes late is refused');
select throws_ok('select marketing.fail_report(d.task_id, d.token, ''x'') from dead as d', 'MP058', null, 'also with a failure');
select lives_ok('select platform.extend_task(l.task_id, l.token, ''1 hour'') from lease as l', 'a lease is made longer');
set local moadb.now = '2026-11-18 13:00+09';
select is(pg_temp.claim(), :'first', 'then it is not claimed, the other is');
select is(pg_temp.claim(), null, 'alone');

-- and one that dies of it each time
set local moadb.now = '2026-11-18 14:00+09';
update platform.tasks as t set attempts = 5 where t.topic = 'marketing.report' and t.dedupe_key = :first || ':1';
select pg_temp.ask('Third') as third \gset
select is(pg_temp.claim(), :'second', 'what was tried five times is given up');
select is(
  pg_temp.standing(:first), 'failed round 1 attempt 3 making it was interrupted each time that it was tried 2026-11-18 14:00:00', 'and says so'
);
select is(pg_temp.claim(), :'third', 'others are made');
select is((select count(*) from platform.check_invariants() as c where c.invariant like 'marketing.open_reports%' and c.violations > 0), 0::bigint, 'every one that is open has its task');

-- a dead task that operators revive makes the report after all
select platform.retry_tasks((select array_agg(t.id) from platform.tasks as t where t.topic = 'marketing.report' and t.status = 'dead'));
set local moadb.now = '2026-11-18 14:01+09';
select is(pg_temp.claim(), :'first', 'revived');
select is(pg_temp.standing(:first), 'processing round 1 attempt 4 making it was interrupted each time that it was tried', 'it is being made');

-- a task that is buried for a report that nobody wants any more hides none behind it
set local moadb.now = '2026-11-18 15:00+09';
select marketing.cancel_report(:first), marketing.cancel_report(:third);
update platform.tasks as t set attempts = 5 where t.topic = 'marketing.report' and t.dedupe_key in (:first || ':1', :third || ':1');
set local moadb.now = '2026-11-18 15:00:01+09';
select pg_temp.ask('Fourth') as fourth \gset
select is(pg_temp.claim(), :'second', 'past what was cancelled at its last attempt: what has waited longest');
select is(pg_temp.claim(), :'fourth', 'and the next');
select is(pg_temp.claim(), null, 'then there is nothing');

select throws_ok($$ select * from marketing.claim_report('0') $$, 'MP057', null, 'a lease of nothing');
select throws_ok($$ select * from marketing.claim_report('31 days') $$, 'MP057', null, 'a lease for ever');

select * from finish();
rollback;
