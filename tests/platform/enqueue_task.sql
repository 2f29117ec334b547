begin;
select plan(17);

create role tap_nobody;

select has_function('platform', 'enqueue_task', array['text', 'jsonb', 'text', 'timestamp with time zone', 'integer'], 'it exists');
select function_returns('platform', 'enqueue_task', array['text', 'jsonb', 'text', 'timestamp with time zone', 'integer'], 'bigint', 'it returns what it says');
select volatility_is('platform', 'enqueue_task', array['text', 'jsonb', 'text', 'timestamp with time zone', 'integer'], 'volatile', 'it is volatile');
select isnt_definer('platform', 'enqueue_task', array['text', 'jsonb', 'text', 'timestamp with time zone', 'integer'], 'it runs as its caller');
select function_privs_are('platform', 'enqueue_task', array['text', 'jsonb', 'text', 'timestamp with time zone', 'integer'], 'tap_nobody', '{}', 'nobody may call it whom no system has named');

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
create temporary table put (name text, id bigint);
insert into put values ('plain', platform.enqueue_task('tap.mail'));
insert into put values ('full', platform.enqueue_task('tap.mail', '{"to": 7}', 'order-7', '2027-02-01 00:00+00', 3));
select results_eq(
  $$
    select p.name, t.payload, t.dedupe_key, t.status, t.run_at, t.attempts, t.max_attempts, t.created_at
    from put as p join platform.tasks as t on t.id = p.id
    order by p.name desc
  $$,
  $$
    values
      ('plain', '{}'::jsonb, null, 'ready', timestamptz '2027-01-01 00:00+00', 0, 10, timestamptz '2027-01-01 00:00+00'),
      ('full', '{"to": 7}', 'order-7', 'ready', '2027-02-01 00:00+00', 0, 3, '2027-01-01 00:00+00')
  $$,
  'a task is kept as it was put in'
);
select isnt(platform.enqueue_task('tap.mail'), (select p.id from put as p where p.name = 'plain'), 'without a key each is another task');
select is(
  platform.enqueue_task('tap.mail', '{"to": 8}', 'order-7'), (select p.id from put as p where p.name = 'full'), 'the same key is the same task'
);
select is((select t.payload from platform.tasks as t where t.dedupe_key = 'order-7'), '{"to": 7}', 'as it was put in first');
select isnt(
  platform.enqueue_task('tap.push', '{}', 'order-7'), (select p.id from put as p where p.name = 'full'), 'the key of another topic is another'
);
update platform.tasks as t set status = 'done', finished_at = platform.now() where t.topic = 'tap.mail' and t.dedupe_key = 'order-7';
select is(platform.enqueue_task('tap.mail', '{}', 'order-7'), (select p.id from put as p where p.name = 'full'), 'a task that is done counts, too');
select lives_ok($$ select platform.enqueue_task('tap.mail', null, null, null, null) $$, 'nulls are what is the default');

select throws_ok(
  t.call, '23514', format('new row for relation "tasks" violates check constraint "tasks_%s_check"', t.constraint_name), t.description
)
from (
  values
    (1, $$ select platform.enqueue_task('mail') $$, 'topic', 'a topic names its schema'),
    (2, $$ select platform.enqueue_task('tap.mail', '{}', '') $$, 'dedupe_key', 'an empty key is none'),
    (3, $$ select platform.enqueue_task('tap.mail', '{}', repeat('x', 201)) $$, 'dedupe_key', 'keys are short'),
    (4, $$ select platform.enqueue_task('tap.mail', p_max_attempts => -1) $$, 'attempts', 'attempts are not fewer than none')
) as t (number, call, constraint_name, description)
order by t.number;
select throws_ok(
  $$ select platform.enqueue_task('tap.mail', p_max_attempts => 0) $$, '23514',
  'new row for relation "tasks" violates check constraint "tasks_max_attempts_check"', 'one attempt is the least'
);

select * from finish();
rollback;
