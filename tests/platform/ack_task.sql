begin;
select plan(13);

create role tap_nobody;

select has_function('platform', 'ack_task', array['bigint', 'uuid'], 'it exists');
select function_returns('platform', 'ack_task', array['bigint', 'uuid'], 'void', 'it returns what it says');
select volatility_is('platform', 'ack_task', array['bigint', 'uuid'], 'volatile', 'it is volatile');
select is_definer('platform', 'ack_task', array['bigint', 'uuid'], 'it runs as its owner');
select function_privs_are('platform', 'ack_task', array['bigint', 'uuid'], 'tap_nobody', '{}', 'nobody may call it whom no system has named');

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
select platform.enqueue_task('tap.mail', p_max_attempts => 3);
create temporary table claim as select c.* from platform.claim_tasks('tap.mail') as c;

create function pg_temp.lost(p_call text, p_description text) returns text language sql as $$
  select throws_ok(p_call, 'MP058', format('the lease of task %s is not valid', (select c.id from pg_temp.claim as c)), p_description)
$$;
select pg_temp.lost('select platform.ack_task(c.id, gen_random_uuid()) from claim as c', 'the token decides');
select pg_temp.lost('select platform.ack_task(c.id, null) from claim as c', 'and is needed');
set local moadb.now = '2027-01-01 00:30+00';
select lives_ok('select platform.ack_task(c.id, c.lease_token) from claim as c', 'a lease that has run out is good while nobody else has the task');
select results_eq(
  'select t.status, t.finished_at from platform.tasks as t join claim as c on c.id = t.id',
  $$ values ('done', timestamptz '2027-01-01 00:30+00') $$, 'the task is done'
);
set local moadb.now = '2027-01-01 00:40+00';
select lives_ok('select platform.ack_task(c.id, c.lease_token) from claim as c', 'said twice');
select is(
  (select t.finished_at from platform.tasks as t join claim as c on c.id = t.id), '2027-01-01 00:30+00', 'it was done when it was said first'
);

truncate claim;
select platform.enqueue_task('tap.mail');
insert into claim select c.* from platform.claim_tasks('tap.mail') as c;
set local moadb.now = '2027-01-01 00:50+00';
create temporary table other as select c.* from platform.claim_tasks('tap.mail') as c;
select pg_temp.lost('select platform.ack_task(c.id, c.lease_token) from claim as c', 'the worker that was late is refused');
select lives_ok('select platform.ack_task(c.id, c.lease_token) from other as c', 'the one that has the task is not');

select * from finish();
rollback;
