begin;
select plan(10);

create role tap_nobody;

select has_function('platform', 'retry_tasks', array['bigint[]'], 'it exists');
select function_returns('platform', 'retry_tasks', array['bigint[]'], 'setof bigint', 'it returns what it says');
select volatility_is('platform', 'retry_tasks', array['bigint[]'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'retry_tasks', array['bigint[]'], 'it runs as its caller');
select function_privs_are('platform', 'retry_tasks', array['bigint[]'], 'tap_nobody', '{}', 'nobody may call it whom no system has named');

insert into platform.tasks (topic, status, attempts, finished_at, last_error)
values ('tap.dead', 'dead', 10, now(), 'no answer'), ('tap.dead', 'dead', 10, now(), null), ('tap.done', 'done', 1, now(), null), ('tap.ready', 'ready', 1, null, null);

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
select set_eq(
  $$ select r from platform.retry_tasks((select array_agg(t.id) || -1::bigint from platform.tasks as t)) as r $$,
  $$ select t.id from platform.tasks as t where t.topic = 'tap.dead' $$,
  'tasks that are dead come back, and no others'
);
select results_eq(
  $$ select t.status, t.attempts, t.run_at, t.finished_at from platform.tasks as t where t.topic = 'tap.dead' limit 1 $$,
  $$ values ('ready', 0, timestamptz '2027-01-01 00:00+00', null::timestamptz) $$,
  'with all their attempts, at once'
);
select is((select t.last_error from platform.tasks as t where t.topic = 'tap.dead' order by t.id limit 1), 'no answer', 'why they died stays');
select is((select count(*) from platform.claim_tasks('tap.dead', 10)), 2::bigint, 'they can be claimed');
select is_empty($$ select * from platform.retry_tasks(null) $$, 'nothing is nothing');

select * from finish();
rollback;
