begin;
select plan(16);
\ir shop.psql

select has_function('coffee', 'retry_charge', array['uuid', 'uuid']);
select function_returns('coffee', 'retry_charge', array['uuid', 'uuid'], 'integer');
select volatility_is('coffee', 'retry_charge', array['uuid', 'uuid'], 'volatile');
select is_definer('coffee', 'retry_charge', array['uuid', 'uuid']);
select ok(has_function_privilege('coffee_app', 'coffee.retry_charge(uuid, uuid)', 'execute'), 'applications may call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
select throws_ok(
  'select coffee.retry_charge(s.id, $$f0000000-0000-0000-0000-0000000000a1$$) from s', 'MF057', null, 'nothing was declined'
);
select pg_temp.run('2031-01-31 09:00+09', 'failed', true);
select is((select j.next_attempt_at from coffee.billing_jobs as j join s on s.id = j.subscription_id), null, 'a hard decline waits');
set local moadb.now = '2031-02-10 09:00+09';
select is_empty('select * from coffee.claim_billing_jobs(10)', 'however long');
select is(coffee.retry_charge(s.id, 'f0000000-0000-0000-0000-0000000000a1'), 1, 'until the user says so') from s;
select is(coffee.retry_charge(s.id, 'f0000000-0000-0000-0000-0000000000a1'), 1, 'twice is once') from s;
create temporary table c as select * from coffee.claim_billing_jobs(10);
select is((select count(*) from c), 1::bigint, 'it can be claimed');
select is(coffee.retry_charge(s.id, 'f0000000-0000-0000-0000-0000000000a1'), 0, 'while it is tried there is nothing to do') from s;
select is(coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'p'), 'succeeded', 'paid') from c;
select is(pg_temp.status(s.id), 'active', 'and it goes on') from s;
select throws_ok(
  'select coffee.retry_charge(s.id, $$f0000000-0000-0000-0000-0000000000a2$$) from s', 'MF020', null, 'somebody else''s'
);
select throws_ok('select coffee.retry_charge(null, $$f0000000-0000-0000-0000-0000000000a2$$)', 'MF001', null, 'no subscription');

select * from finish();
rollback;
