begin;
select plan(20);

create role tap_nobody;

select has_function('platform', 'fail_task', array['bigint', 'uuid', 'text', 'interval', 'boolean'], 'it exists');
select function_returns('platform', 'fail_task', array['bigint', 'uuid', 'text', 'interval', 'boolean'], 'timestamp with time zone', 'it returns what it says');
select volatility_is('platform', 'fail_task', array['bigint', 'uuid', 'text', 'interval', 'boolean'], 'volatile', 'it is volatile');
select is_definer('platform', 'fail_task', array['bigint', 'uuid', 'text', 'interval', 'boolean'], 'it runs as its owner');
select function_privs_are('platform', 'fail_task', array['bigint', 'uuid', 'text', 'interval', 'boolean'], 'tap_nobody', '{}', 'nobody may call it whom no system has named');

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
select platform.enqueue_task('tap.mail', p_max_attempts => 3);
create temporary table claim as select c.* from platform.claim_tasks('tap.mail') as c;

create function pg_temp.task() returns platform.tasks language sql as
  'select t.* from platform.tasks as t join pg_temp.claim as c on c.id = t.id limit 1';

select is(
  (select platform.fail_task(c.id, c.lease_token, 'timeout') from claim as c), '2027-01-01 00:00:10+00', 'ten seconds after the first attempt'
);
select is((pg_temp.task()).last_error, 'timeout', 'the reason is kept');
select is((pg_temp.task()).status, 'ready', 'the task is tried again');
select throws_ok(
  $$ select platform.fail_task(c.id, c.lease_token, 'again') from claim as c $$, 'MP058',
  format('the lease of task %s is not valid', (pg_temp.task()).id), 'an attempt fails once'
);
select is_empty($$ select * from platform.claim_tasks('tap.mail') $$, 'not before its time');
set local moadb.now = '2027-01-01 00:00:10+00';
update claim as c set lease_token = n.lease_token from platform.claim_tasks('tap.mail') as n;
select is(
  (select platform.fail_task(c.id, c.lease_token, 'timeout') from claim as c), '2027-01-01 00:00:30+00', 'twenty seconds after the second'
);
set local moadb.now = '2027-01-01 00:00:30+00';
update claim as c set lease_token = n.lease_token from platform.claim_tasks('tap.mail') as n;
select is((select platform.fail_task(c.id, c.lease_token, 'the last') from claim as c), null, 'after the last attempt there is no other');
select is(((pg_temp.task()).status, (pg_temp.task()).finished_at), ('dead'::text, timestamptz '2027-01-01 00:00:30+00'), 'the task is given up');

truncate claim;
select platform.enqueue_task('tap.mail', p_max_attempts => 100);
insert into claim select c.* from platform.claim_tasks('tap.mail') as c;
select is(
  (select platform.fail_task(c.id, c.lease_token, 'busy', '3 days') from claim as c), '2027-01-04 00:00:30+00', 'the worker may know better when'
);
set local moadb.now = '2027-01-04 00:00:30+00';
update platform.tasks set attempts = 98 where topic = 'tap.mail' and status = 'ready';
update claim as c set lease_token = n.lease_token from platform.claim_tasks('tap.mail') as n;
select is((select platform.fail_task(c.id, c.lease_token, 'busy') from claim as c), '2027-01-04 01:00:30+00', 'an hour is the longest pause');
set local moadb.now = '2027-01-04 01:00:30+00';
update platform.tasks set attempts = 8 where topic = 'tap.mail' and status = 'ready';
update claim as c set lease_token = n.lease_token from platform.claim_tasks('tap.mail') as n;
select is((select platform.fail_task(c.id, c.lease_token, 'card stolen', p_is_final => true) from claim as c), null, 'or that it is no use');
select is((pg_temp.task()).status, 'dead', 'then it is given up at once');
select throws_ok(
  'select platform.fail_task(-1, gen_random_uuid(), null)', 'MP058', 'the lease of task -1 is not valid', 'a task that is not there has no lease'
);

select throws_ok($$select platform.fail_task(1, gen_random_uuid(), 'x', '178000000 years')$$, 'MP057', null, 'never again');
select throws_ok($$select platform.fail_task(1, gen_random_uuid(), 'x', '-1 day')$$, 'MP057', null, 'in the past');

select * from finish();
rollback;
