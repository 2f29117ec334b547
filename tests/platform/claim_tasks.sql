begin;
select plan(23);

create role tap_nobody;

select has_function('platform', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'it exists');
select function_returns('platform', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'setof record', 'it returns what it says');
select volatility_is('platform', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'volatile', 'it is volatile');
select is_definer('platform', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'it runs as its owner');
select function_privs_are('platform', 'claim_tasks', array['text', 'integer', 'interval', 'text'], 'tap_nobody', '{}', 'nobody may call it whom no system has named');

set local role moadb_owner;
set local moadb.now = '2027-01-01 00:00+00';
select platform.enqueue_task('tap.mail', to_jsonb(t.name), null, t.run_at, 2)
from (
  values ('second', timestamptz '2026-12-31 10:00+00'), ('third', '2026-12-31 11:00+00'), ('first', '2026-12-31 09:00+00'), ('later', '2027-01-01 00:10+00')
) as t (name, run_at);
select platform.enqueue_task('tap.push');

create temporary table claims as
select 0 as round, c.* from platform.claim_tasks('tap.mail', 2, '2 minutes', 'w1') as c;
select results_eq(
  $$ select c.payload, c.attempt, c.leased_until from claims as c $$,
  $$ values ('"first"'::jsonb, 1, timestamptz '2027-01-01 00:02+00'), ('"second"', 1, '2027-01-01 00:02+00') $$,
  'those that are due longest come first, no more than the limit'
);
select is((select count(distinct c.lease_token) from claims as c), 2::bigint, 'each with a token of its own');
select is((select count(*) from platform.tasks as t where t.worker = 'w1'), 2::bigint, 'the worker is written down');
select results_eq(
  $$ select c.payload from platform.claim_tasks('tap.mail', 10) as c $$, $$ values ('"third"'::jsonb) $$,
  'what is leased, not due yet or of another topic is not claimed'
);
select is_empty($$ select * from platform.claim_tasks('tap.mail', 10) $$, 'then there is nothing');
select is_empty($$ select * from platform.claim_tasks('tap.push', 0) $$, 'none is none');
select is_empty($$ select * from platform.claim_tasks('tap.nothing', 10) $$, 'an unknown topic has no tasks');

set local moadb.now = '2027-01-01 00:01:59+00';
select results_eq(
  $$ select c.payload from platform.claim_tasks('tap.mail', 10) as c $$, $$ values ('"third"'::jsonb) $$, 'a lease of a minute has run out'
);
set local moadb.now = '2027-01-01 00:02:00+00';
insert into claims select 1, c.* from platform.claim_tasks('tap.mail', 10) as c;
select results_eq(
  $$ select c.payload, c.attempt from claims as c where c.round = 1 $$,
  $$ values ('"second"'::jsonb, 2), ('"first"', 2) $$,
  'when it ends the task is claimed again, as the next attempt'
);
select is_empty(
  $$ select from claims as a join claims as b using (lease_token) where a.round < b.round $$, 'with another token'
);

set local moadb.now = '2027-01-01 00:09:00+00';
select is_empty($$ select * from platform.claim_tasks('tap.mail', 10) $$, 'after the last attempt there is no other');
select results_eq(
  $$ select t.status, t.last_error, t.finished_at, t.lease_token from platform.tasks as t where t.payload = '"first"' $$,
  $$ values ('dead', 'the lease of the last attempt ran out', timestamptz '2027-01-01 00:09:00+00', null::uuid) $$,
  'the task is given up'
);
select is((select count(*) from platform.tasks as t where t.status = 'dead'), 3::bigint, 'and so are the others');
set local moadb.now = '2027-01-01 00:10:00+00';
select results_eq(
  $$ select c.payload from platform.claim_tasks('tap.mail') as c $$, $$ values ('"later"'::jsonb) $$, 'a scheduled task comes when its time has come'
);

select throws_ok(
  format('select * from platform.claim_tasks(%L, 1, %L)', 'tap.mail', t.lease), 'MP057',
  format('a lease of %s is not a time', coalesce(t.lease, 'null')), t.description
)
from (values (1, '00:00:00', 'a lease takes time'), (2, '-00:01:00', 'that has not passed'), (3, null, 'and has an end')) as t (number, lease, description)
order by t.number;

select throws_ok($$select platform.claim_tasks('tap.work', 1, '178000000 years')$$, 'MP057', null, 'a lease for ever');

select * from finish();
rollback;
