begin;
select plan(14);
\ir shop.psql

select has_function('coffee', '_record_payment', array['coffee.coffee_subscriptions', 'coffee.billing_jobs', 'coffee.charge_attempts', 'text']);
select function_returns('coffee', '_record_payment', array['coffee.coffee_subscriptions', 'coffee.billing_jobs', 'coffee.charge_attempts', 'text'], 'text');
select volatility_is('coffee', '_record_payment', array['coffee.coffee_subscriptions', 'coffee.billing_jobs', 'coffee.charge_attempts', 'text'], 'volatile');
select isnt_definer('coffee', '_record_payment', array['coffee.coffee_subscriptions', 'coffee.billing_jobs', 'coffee.charge_attempts', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._record_payment(coffee.coffee_subscriptions, coffee.billing_jobs, coffee.charge_attempts, text)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
create function pg_temp.attempt() returns coffee.charge_attempts language sql as $$ select a from coffee.charge_attempts as a where a.job_id = (pg_temp.job()).id order by a.attempt desc limit 1 $$;
create function pg_temp.sub() returns coffee.coffee_subscriptions language sql as $$ select b from coffee.coffee_subscriptions as b join s on s.id = b.id $$;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create function pg_temp.pay(p_reference text) returns text language sql as $$
  select coffee._record_payment(pg_temp.sub(), pg_temp.job(), pg_temp.attempt(), $1)
$$;
select coffee.claim_billing_jobs(1);
select is(pg_temp.pay(null), 'succeeded', 'without a reference');
select is(pg_temp.pay(null), 'succeeded', 'twice');
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'), 0::bigint, 'is one payment');
select is(pg_temp.pay('other'), 'succeeded', 'one with a reference');
select is((select t.payload ->> 'gateway_reference' from platform.tasks as t where t.topic = 'coffee.refund_charge'), 'other', 'is another');

set local moadb.now = '2031-02-28 09:00+09';
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select coffee.claim_billing_jobs(1);
select throws_ok('select pg_temp.pay($$other$$)', 'MF052', null, 'a payment that was made for another bill');
select is((select c.violations from platform.check_invariants('coffee') as c where c.invariant = 'coffee.bills_match_attempts'), 0::bigint, 'all adds up');

-- a bill that took credit failed for good, and is paid after all
create temporary table late as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
insert into coffee.subscription_credits (subscription_id, amount, reason) select late.id, 1000, 'order_cancelled' from late;
update coffee.coffee_subscriptions as t set credit_balance = 1000 from late where t.id = late.id;
truncate s; insert into s select late.id from late;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create temporary table c as select c.* from coffee.claim_billing_jobs(10) as c join late on late.id = c.subscription_id;
select coffee._close_billing_jobs(array[c.job_id], 'failed', 'unpaid', 'payment_failed') from c;
select is(coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'late'), 'succeeded', 'late') from c;
select is(
  (select t.credit_balance from coffee.coffee_subscriptions as t join late on late.id = t.id join coffee.billing_periods as b on b.subscription_id = t.id),
  30000.00, 'the credit that it took comes back with what was paid'
);

select * from finish();
rollback;
