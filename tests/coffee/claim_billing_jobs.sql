begin;
select plan(21);
\ir shop.psql

select has_function('coffee', 'claim_billing_jobs', array['integer', 'interval', 'text']);
select volatility_is('coffee', 'claim_billing_jobs', array['integer', 'interval', 'text'], 'volatile');
select is_definer('coffee', 'claim_billing_jobs', array['integer', 'interval', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.claim_billing_jobs(integer, interval, text)', 'execute'), 'applications may call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select n, coffee.subscribe(('f0000000-0000-0000-0000-0000000000a' || n)::uuid, -1, '{"street": "1"}') as id from generate_series(1, 3) as n;
select coffee.process_monthly_billing();
grant select on s to coffee_app;
set local role coffee_app;
select is_empty('select * from coffee.claim_billing_jobs(10)', 'a bill whose box is not packed is no charge request');
reset role;
select coffee.assemble_boxes();
set local role coffee_app;
create temporary table c as select * from coffee.claim_billing_jobs(2, '5 minutes', 'w1');
select is((select count(*) from c), 2::bigint, 'so many, and no more');
select is_empty(
  $$
    select c.*
    from c join s on s.id = c.subscription_id
    where (c.attempt, c.amount, c.currency, c.user_id, c.due_date, c.idempotency_key)
      is distinct from (1, 30000, 'KRW', ('f0000000-0000-0000-0000-0000000000a' || s.n)::uuid, '2031-01-31 09:00+09'::timestamptz, format('coffee-%s-0', c.job_id))
  $$,
  'what the gateway needs'
);
insert into c select * from coffee.claim_billing_jobs(10);
select is((select count(distinct c.job_id) from c), 3::bigint, 'each once');
select is_empty('select * from coffee.claim_billing_jobs(10)', 'all are at work');
reset role;
select results_eq(
  'select distinct j.status, j.attempts, j.next_attempt_at from coffee.billing_jobs as j',
  $$values ('processing', 1, '2031-01-31 09:05+09'::timestamptz)$$, 'on lease'
);
select results_eq(
  'select a.job_id, a.attempt, a.lease_token, a.result from coffee.charge_attempts as a order by 1',
  'select c.job_id, 1, c.lease_token, null::text from c order by 1', 'each claim is an attempt'
);

-- the worker dies
set local moadb.now = '2031-01-31 09:05+09';
create temporary table d as select * from coffee.claim_billing_jobs(1, '1 hour', 'w2');
select results_eq(
  'select d.attempt, d.idempotency_key = c.idempotency_key, d.lease_token = c.lease_token from d join c using (job_id)', 'values (2, true, false)',
  'after its lease another has it, under the same key: the gateway does not charge twice'
);
select is((select a.result from coffee.charge_attempts as a join d using (job_id) where a.attempt = 1), 'unknown', 'of the first nothing is known');
select is((select j.worker from coffee.billing_jobs as j join d on d.job_id = j.id), 'w2', 'who has it');
select is(coffee.record_charge_result(d.job_id, d.lease_token, 'failed'), 'retrying', 'declined') from d;
select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'p' || c.job_id) from c where c.job_id not in (select d.job_id from d);
select is_empty('select * from coffee.claim_billing_jobs(10)', 'not tried again at once');
select set_config('moadb.now', j.next_attempt_at::text, true) from coffee.billing_jobs as j join d on d.job_id = j.id;
select results_eq(
  'select e.attempt, e.idempotency_key from coffee.claim_billing_jobs(10) as e', $$select 3, format('coffee-%s-1', d.job_id) from d$$,
  'after a decline the key is another'
);
select is_empty('select * from coffee.claim_billing_jobs(0)', 'none asked for');
select throws_ok($$select * from coffee.claim_billing_jobs(1, '0')$$, 'MP057', null, 'no lease');
select throws_ok('select * from coffee.claim_billing_jobs(1, null)', 'MP057', null, 'null');

select throws_ok($$select coffee.claim_billing_jobs(1, '178000000 years')$$, 'MP057', null, 'a lease for ever');

select * from finish();
rollback;
