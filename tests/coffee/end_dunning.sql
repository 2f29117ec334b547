begin;
select plan(28);
\ir shop.psql

select has_function('coffee', 'end_dunning', array['integer']);
select function_returns('coffee', 'end_dunning', array['integer'], 'bigint');
select volatility_is('coffee', 'end_dunning', array['integer'], 'volatile');
select is_definer('coffee', 'end_dunning', array['integer']);
select ok(has_function_privilege('coffee_admin', 'coffee.end_dunning(integer)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.end_dunning(integer)', 'execute'), 'applications may not');

insert into platform.dunning_policies (name, description, retry_after, grace, final_action)
values ('t_leave', 't', '{1 day}', '14 days', 'leave'), ('t_unpaid', 't', '{1 day}', '14 days', 'unpaid');
update coffee.plans set dunning_policy = 't_unpaid' where id = -4;
insert into coffee.plans (id, code, name, type, price_per_month, dunning_policy) values (-11, 't-leave', 'l', 'monthly_pick', 10, 't_leave');
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select n, coffee.subscribe(('f0000000-0000-0000-0000-0000000000a' || n)::uuid, (array[-1, -4, -11])[n], '{"street": "1"}') as id from generate_series(1, 3) as n;
create temporary table stock as select sum(i.reserved_stock) as reserved from coffee.coffee_inventory as i;
select pg_temp.run('2031-01-31 09:00+09', 'failed');
select is((select count(*) from coffee.coffee_subscriptions as b join s on s.id = b.id where b.status = 'past_due'), 3::bigint, 'all past due');
select cmp_ok((select sum(i.reserved_stock) from coffee.coffee_inventory as i), '>', (select reserved from stock), 'their boxes are packed');

set local moadb.now = '2031-02-14 08:59:59+09';
select is(coffee.end_dunning(), 0::bigint, 'in the grace: nothing');
set local moadb.now = '2031-02-14 09:00+09';
create temporary table c as select * from coffee.claim_billing_jobs(1);
select is(coffee.end_dunning(2), 2::bigint, 'not the one whose charge is at the gateway');
select is(coffee.record_charge_result(c.job_id, c.lease_token, 'failed'), 'retrying', 'declined again') from c;
select is(coffee.end_dunning(), 1::bigint, 'the other');
select is(coffee.end_dunning(), 0::bigint, 'and then none');
select results_eq(
  'select s.n, b.status::text, b.grace_until is null from s join coffee.coffee_subscriptions as b on b.id = s.id where s.n > 1 order by 1',
  $$values (2, 'unpaid', true), (3, 'past_due', true)$$, 'unpaid, left'
);
select results_eq(
  'select b.status::text, b.cancellation_reason from s join coffee.coffee_subscriptions as b on b.id = s.id where s.n = 1',
  $$values ('cancelled', 'payment_failed')$$, 'or cancelled, as the policy says'
);
select is((select sum(i.reserved_stock) from coffee.coffee_inventory as i), (select reserved from stock), 'the boxes went back into the stock');
select results_eq(
  'select distinct j.status, b.kind from s join coffee.billing_jobs as j on j.subscription_id = s.id join coffee.billing_periods as b on b.id = j.period_id',
  $$values ('failed', 'unpaid')$$, 'the bills have failed'
);
select is(
  (select count(*) from coffee.notifications as n where n.type = 'payment_given_up'), 3::bigint, 'the users are told'
);
select is((select count(*) from s cross join lateral coffee.entitled(('f0000000-0000-0000-0000-0000000000a' || s.n)::uuid) as e where e), 0::bigint, 'access ends');
select is(coffee.process_monthly_billing(), 0::bigint, 'nothing further is billed');

-- unpaid for months, then paid: what went by is not charged, what was paid is credited
set local moadb.now = '2031-08-01 09:00+09';
select is(coffee.process_monthly_billing(), 0::bigint, 'not as long as it is unpaid');
select is(coffee.retry_charge(s.id, 'f0000000-0000-0000-0000-0000000000a2'), 1, 'another payment method') from s where s.n = 2;
select is(
  coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'late'), 'succeeded', 'paid'
) from coffee.claim_billing_jobs(1) as c;
select results_eq(
  'select b.status::text, b.credit_balance, b.next_billing_at from s join coffee.coffee_subscriptions as b on b.id = s.id where s.n = 2',
  $$values ('active', 90000.00, '2031-07-31 09:00+09'::timestamptz)$$, 'goes on as it was scheduled, with credit'
);
select pg_temp.run('2031-08-01 09:00+09');
select results_eq(
  'select p.* from s cross join lateral pg_temp.periods(s.id) as p where s.n = 2',
  $$values ('2031-01-31'::date, '2031-04-30'::date, 'unpaid', 90000.00), ('2031-04-30', '2031-07-31', 'missed', 0), ('2031-07-31', '2031-10-31', 'billed', 0)$$,
  'the quarter without access is not charged, the running one is paid by the credit'
);
select is(
  (select c.violations from platform.check_invariants('coffee') as c where c.invariant = 'coffee.credits_sum_to_balance'), 0::bigint, 'the ledger agrees'
);
select throws_ok('select coffee.end_dunning(0)', 'MF002', 'p_limit 0 is not accepted: it is 1 or more', 'none');
select throws_ok('select coffee.end_dunning(null)', 'MF002', null, 'null');

select * from finish();
rollback;
