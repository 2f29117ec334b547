begin;
select plan(12);

create role tap_nobody;

select has_function('platform', 'extend_task', array['bigint', 'uuid', 'interval'], 'it exists');
select function_returns('platform', 'extend_task', array['bigint', 'uuid', 'interval'], 'timestamp with time zone', 'it returns what it says');
select volatility_is('platform', 'extend_task', array['bigint', 'uuid', 'interval'], 'volatile', 'it is volatile');
select is_definer('platform', 'extend_task', array['bigint', 'uuid', 'interval'], 'it runs as its owner');
select function_privs_are('platform', 'extend_task', array['bigint', 'uuid', 'interval'], 'tap_nobody', '{}', 'nobody may call it whom no system has named');

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
select platform.enqueue_task('tap.mail', p_max_attempts => 3);
create temporary table claim as select c.* from platform.claim_tasks('tap.mail') as c;

set local moadb.now = '2027-01-01 00:00:50+00';
select is(
  (select platform.extend_task(c.id, c.lease_token, '5 minutes') from claim as c), '2027-01-01 00:05:50+00', 'the lease ends that much from now'
);
set local moadb.now = '2027-01-01 00:05:49+00';
select is_empty($$ select * from platform.claim_tasks('tap.mail') $$, 'nobody else gets the task');
set local moadb.now = '2027-01-01 00:06+00';
select lives_ok($$ select platform.extend_task(c.id, c.lease_token) from claim as c $$, 'a lease that has run out is taken up again');
select throws_ok(
  $$ select platform.extend_task(c.id, c.lease_token, '0') from claim as c $$, 'MP057', 'a lease of 00:00:00 is not a time', 'a lease takes time'
);
select throws_ok(
  $$ select platform.extend_task(c.id, gen_random_uuid()) from claim as c $$, 'MP058',
  format('the lease of task %s is not valid', (select c.id from claim as c)), 'the token decides'
);
set local moadb.now = '2027-01-01 00:08+00';
select * from platform.claim_tasks('tap.mail');
select throws_ok(
  $$ select platform.extend_task(c.id, c.lease_token) from claim as c $$, 'MP058',
  format('the lease of task %s is not valid', (select c.id from claim as c)), 'not when another worker has it'
);

select throws_ok($$select platform.extend_task(1, gen_random_uuid(), '178000000 years')$$, 'MP057', null, 'a lease for ever');

select * from finish();
rollback;
