-- The view task_topics.
begin;
select plan(3);

create role tap_monitor in role pg_monitor;

insert into platform.tasks (topic, status, run_at, lease_token, finished_at)
values
  ('tap.mail', 'ready', '2027-01-01 00:00+00', null, null), ('tap.mail', 'ready', '2027-01-01 03:00+00', null, null),
  ('tap.mail', 'ready', '2027-01-01 03:00+00', gen_random_uuid(), null), ('tap.mail', 'ready', '2027-01-01 01:00+00', gen_random_uuid(), null),
  ('tap.mail', 'ready', '2027-01-01 01:30+00', gen_random_uuid(), null), ('tap.mail', 'dead', '2026-12-01 00:00+00', null, now()),
  ('tap.push', 'done', '2026-12-01 00:00+00', gen_random_uuid(), now());

set local moadb.now = '2027-01-01 02:00+00';
select results_eq(
  $$ select * from platform.task_topics where topic like 'tap.%' order by topic $$,
  $$
    values
      ('tap.mail', 1::bigint, 1::bigint, 1::bigint, 2::bigint, 1::bigint, 0::bigint, interval '2 hours'),
      ('tap.push', 0, 0, 0, 0, 0, 1, null)
  $$,
  'each task is counted once, and the longest wait is there'
);
select table_privs_are('platform', 'tasks', 'tap_monitor', '{}', 'monitoring does not read payloads');
set local role tap_monitor;
select lives_ok('select * from platform.task_topics', 'it reads the view');

select * from finish();
rollback;
