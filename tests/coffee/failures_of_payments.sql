-- How payments have failed elsewhere. Numbers as in tests/catalog/test_failure_modes_listed.py.
begin;
select plan(35);
\ir shop.psql

-- T6: a charge fails: access to the end of the grace, the subscriber is told once, and paid later it goes on as it would have
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as
select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as id;
grant select on s to coffee_app;
create function pg_temp.told(p_type text) returns bigint language sql as $$
  select count(*) from coffee.notifications as n
  where n.user_id = 'f0000000-0000-0000-0000-0000000000a1' and n.type like $1
$$;
select is(coffee.entitled('f0000000-0000-0000-0000-0000000000a1'), false, 'T6: nothing before the first bill');
select pg_temp.run('2031-01-31 09:00+09');
select ok(coffee.entitled('f0000000-0000-0000-0000-0000000000a1'), 'T6: access once it is paid');
select pg_temp.run('2031-02-28 09:00+09', 'failed');
select is(pg_temp.status(s.id), 'past_due', 'T6: the payment failed') from s;
select ok(coffee.entitled('f0000000-0000-0000-0000-0000000000a1'), 'T6: access is kept');
create temporary table d as select b.grace_until from s join coffee.coffee_subscriptions as b on b.id = s.id;
select cmp_ok((select d.grace_until from d), '>', '2031-03-03 09:00+09', 'T6: for some days');
create temporary table t as select count(*) as n from coffee.notifications as n where n.user_id = 'f0000000-0000-0000-0000-0000000000a1';
select cmp_ok((select t.n from t), '>', 0::bigint, 'T6: the subscriber is told');
select is(coffee.process_monthly_billing(), 0::bigint, 'T6: nothing new is due');
select is((select count(*) from coffee.claim_billing_jobs(10)), 0::bigint, 'T6: nor tried again at once');
select results_eq(
  'select o.status from s join coffee.subscription_orders as o on o.subscription_id = s.id order by o.order_month',
  $$values ('paid'::varchar), ('pending')$$, 'T6: the box waits for its payment'
);
select throws_ok(
  $$select coffee.ship_order(o.id, 'T1') from s join coffee.subscription_orders as o on o.subscription_id = s.id where o.status = 'pending'$$,
  null, null, 'T6: it is not sent'
);
select pg_temp.run(j.next_attempt_at, 'failed') from s join coffee.billing_jobs as j on j.subscription_id = s.id and j.status = 'retrying';
select is((select j.failures from s join coffee.billing_jobs as j on j.subscription_id = s.id and j.status = 'retrying'), 2, 'T6: tried again');
select is(
  (select count(*) from coffee.notifications as n where n.user_id = 'f0000000-0000-0000-0000-0000000000a1'), (select t.n from t),
  'T6: told of the first failure alone'
);
select pg_temp.run(j.next_attempt_at) from s join coffee.billing_jobs as j on j.subscription_id = s.id and j.status = 'retrying';
select is(pg_temp.status(s.id), 'active', 'T6: paid') from s;
select results_eq(
  'select p.starts_on, p.amount from s cross join lateral pg_temp.periods(s.id) as p',
  $$values ('2031-01-31'::date, 30000.00), ('2031-02-28', 30000)$$, 'T6: no other bill was made meanwhile'
);
select is(
  (select b.next_billing_at from s join coffee.coffee_subscriptions as b on b.id = s.id), '2031-03-31 09:00+09', 'T6: the original schedule'
);
select results_eq(
  'select o.status from s join coffee.subscription_orders as o on o.subscription_id = s.id order by o.order_month',
  $$values ('paid'::varchar), ('paid')$$, 'T6: the box goes out'
);

-- to the end of the grace, and beyond
select pg_temp.run('2031-03-31 09:00+09', 'failed');
update d set grace_until = b.grace_until from s join coffee.coffee_subscriptions as b on b.id = s.id;
select set_config('moadb.now', (d.grace_until - interval '1 second')::text, true) from d;
select ok(coffee.entitled('f0000000-0000-0000-0000-0000000000a1'), 'T6: access to the last second of the grace');
select set_config('moadb.now', d.grace_until::text, true) from d;
select ok(not coffee.entitled('f0000000-0000-0000-0000-0000000000a1'), 'T6: and not one longer');
select coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'now', 'too dear') from s;
set local moadb.now = '2031-06-01 09:00+09';
select is((select count(*) from coffee.claim_billing_jobs(10)), 0::bigint, 'T6: cancelled: no retry any more');
select is(coffee.process_monthly_billing(), 0::bigint, 'T6: and no bill');
select is(
  (select sum(i.reserved_stock) from coffee.coffee_inventory as i where i.coffee_id::text like 'f0000000%'),
  (
    select sum(i.quantity) from s join coffee.subscription_orders as o on o.subscription_id = s.id
    join coffee.order_items as i on i.order_id = o.id where o.status = 'paid'
  ), 'T6: the coffee of the box that was not paid is free again'
);

-- T10: results that come late, twice, or for what is no longer asked for
set local moadb.now = '2032-01-10 09:00+09';
update s set id = coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -1, '{"street": "1"}');
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create temporary table c as select * from coffee.claim_billing_jobs(1);
grant select on c to coffee_app;
set local role coffee_app;
select is((select coffee.record_charge_result(c.job_id, c.lease_token, 'failed', null, 'insufficient_funds') from c), 'retrying', 'T10: failed');
select is((select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'late-1') from c), 'succeeded', 'T10: and paid after all');
reset role;
select is(pg_temp.status(s.id), 'active', 'T10: one state') from s;
select is((select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'late-1') from c), 'succeeded', 'T10: the same result again');
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'), 0::bigint, 'T10: is no second payment');
select lives_ok(
  $$select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'late-2') from c$$, 'T10: paid a second time'
);
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'), 1::bigint, 'T10: which is to be given back');
select is(pg_temp.paid(s.id), 30000.00, 'T10: one payment counts') from s;
select is(
  (select count(*) from s join coffee.subscription_orders as o on o.subscription_id = s.id), 1::bigint, 'T10: one order'
);
select lives_ok(
  $$select coffee.record_charge_result(c.job_id, c.lease_token, 'failed', null, 'insufficient_funds') from c$$, 'T10: a failure that comes too late'
);
select is(pg_temp.status(s.id), 'active', 'T10: changes nothing') from s;

-- paid when it was cancelled meanwhile
set local moadb.now = '2032-02-10 09:00+09';
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
drop table c;
create temporary table c as select * from coffee.claim_billing_jobs(1);
select coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a2', 'now', 'changed my mind') from s;
select lives_ok($$select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'late-3') from c$$, 'T10: paid after the cancelling');
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge'), 2::bigint, 'T10: is given back');
select is_empty(
  $$select o.id from s join coffee.subscription_orders as o on o.subscription_id = s.id where o.order_month = '2032-02-01' and o.status <> 'cancelled'$$,
  'T10: and no box goes out'
);

select * from finish();
rollback;
