-- Ways in which changes of plan, credits and refunds might give away boxes or money: what is paid is what is had, and what is given back.
begin;
select plan(45);
\ir shop.psql

insert into coffee.plans (id, code, name, type, price_per_month, interval_months, items_per_box, no_repeat_months, oos_policy)
values
  (-11, 'm-small', 'S', 'monthly_pick', 10000, 1, 1, 0, 'delay'), (-12, 'm-big', 'B', 'monthly_pick', 300000, 1, 10, 0, 'delay'),
  (-13, 'm-small-quarter', 'SQ', 'monthly_pick', 10000, 3, 1, 0, 'delay'), (-14, 'm-big-quarter', 'BQ', 'monthly_pick', 300000, 3, 10, 0, 'delay'),
  (-15, 'm-small-year', 'SY', 'monthly_pick', 10000, 12, 1, 0, 'delay'), (-16, 'm-year', 'Y', 'monthly_pick', 12000, 12, 1, 0, 'delay');
insert into coffee.users (id, email) select ('f0000000-0000-0000-0000-0000000000b' || n)::uuid, 'money' || n || '@example.com' from generate_series(1, 9) as n;
create temporary table s (n integer, id uuid);
create function pg_temp.u(p_n integer) returns uuid language sql as $$ select ('f0000000-0000-0000-0000-0000000000b' || $1)::uuid $$;
create function pg_temp.id(p_n integer) returns uuid language sql as $$ select s.id from s where s.n = $1 $$;
create function pg_temp.begin(p_n integer, p_plan bigint) returns void language sql as $$
  insert into s select $1, coffee.subscribe(pg_temp.u($1), $2, '{"street": "1"}')
$$;
create function pg_temp.change(p_n integer, p_plan bigint, p_when text default 'now') returns numeric language sql as $$
  select c.charged from coffee.change_plan(pg_temp.id($1), pg_temp.u($1), $2, p_when) as c
$$;
create function pg_temp.ship(p_n integer) returns bigint language sql as $$
  select count(coffee.ship_order(o.id, 'T')) from coffee.subscription_orders as o where o.subscription_id = pg_temp.id($1) and o.status = 'paid'
$$;
create function pg_temp.balance(p_n integer) returns numeric language sql as $$
  select c.credit_balance from coffee.coffee_subscriptions as c where c.id = pg_temp.id($1)
$$;
create function pg_temp.bags(p_n integer) returns bigint language sql as $$
  select sum(i.quantity) from coffee.subscription_orders as o join coffee.order_items as i on i.order_id = o.id
  where o.subscription_id = pg_temp.id($1) and o.status <> 'cancelled'
$$;
create function pg_temp.stock(p_is_there boolean) returns void language sql as $$ update coffee.coffee_inventory set is_available = $1 $$;

-- the box has left: nothing of it is given back
set local moadb.now = '2031-01-10 10:00+09';
select pg_temp.begin(1, -12);
select pg_temp.run('2031-01-10 10:00+09');
select pg_temp.ship(1);
select is(pg_temp.change(1, -11), 0.00, 'a smaller plan after the box has left');
select is(pg_temp.balance(1), 0.00, 'gives nothing back');
select is(pg_temp.change(1, -12), 0.00, 'and the larger one again costs nothing again');
select is(pg_temp.change(1, -11), 0.00, 'to and fro');
select is(pg_temp.balance(1), 0.00, 'gives nothing back either');

-- up before the box is packed, and back: what is not packed is given back, what is packed is not
select pg_temp.stock(false);
select pg_temp.begin(2, -13);
select coffee.process_monthly_billing();
select coffee._open_billing_job(b.id) from coffee.billing_periods as b where b.subscription_id = pg_temp.id(2);
select pg_temp.run('2031-01-10 10:00+09');
select is(pg_temp.change(2, -14), 870000.00, 'three boxes of the larger plan');
select pg_temp.run('2031-01-10 10:00+09');
select is(pg_temp.change(2, -13), 0.00, 'and back');
select is(pg_temp.balance(2), 870000.00, 'nothing was packed');
select is(pg_temp.change(2, -14), 0.00, 'the credit pays for it');
select pg_temp.stock(true);
select pg_temp.run('2031-01-10 17:00+09');
select is(pg_temp.bags(2), 10::bigint, 'the box of the larger plan is packed');
select is(pg_temp.change(2, -13), 0.00, 'back');
select is(pg_temp.balance(2), 580000.00, 'two boxes are given back');
select pg_temp.run('2031-02-10 10:00+09');
select is(pg_temp.bags(2), 11::bigint, 'and the next is of the smaller');

-- an upgrade that is not paid
select pg_temp.begin(3, -13);
select pg_temp.run('2031-02-10 10:00+09');
set local moadb.now = '2031-03-10 09:59+09';
select cmp_ok(pg_temp.change(3, -14), '>', 580000.00, 'a larger plan');
set local moadb.now = '2031-03-10 11:00+09';
select coffee.assemble_boxes();
select is(pg_temp.bags(3), 1::bigint, 'its box waits for the money');
select pg_temp.run('2031-03-10 11:00+09', 'failed');
select results_eq(
  'select c.plan_id, c.status::text, c.price_per_month from coffee.coffee_subscriptions as c where c.id = pg_temp.id(3)',
  $$values (-13::bigint, 'active', 10000.00)$$, 'declined: the plan before goes on'
);
select coffee.assemble_boxes();
select is(pg_temp.bags(3), 2::bigint, 'with its box');
select is(coffee.entitled(pg_temp.u(3)), true, 'and access');
select is(
  coffee.record_charge_result(a.job_id, a.lease_token, 'succeeded', 'too late'), 'cancelled', 'a payment that comes after all'
) from coffee.charge_attempts as a join coffee.billing_jobs as j on j.id = a.job_id where j.subscription_id = pg_temp.id(3) and j.status = 'cancelled';
select is((select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge' and t.payload ->> 'gateway_reference' = 'too late'), 1::bigint, 'goes back');
select pg_temp.change(3, -14);
select coffee.cancel_subscription(pg_temp.id(3), pg_temp.u(3), 'now');
select pg_temp.run('2031-04-10 11:00+09');
select is(pg_temp.bags(3), 3::bigint, 'cancelled before it is paid: what was paid is sent, no more');

-- a year that is paid is not lost with an upgrade that is not
select pg_temp.begin(4, -15);
select pg_temp.run('2031-04-10 11:00+09');
set local moadb.now = '2031-04-12 11:00+09';
select pg_temp.change(4, -16);
select pg_temp.run('2031-04-12 11:00+09', 'failed', true);
set local moadb.now = '2031-06-30 11:00+09';
select coffee.end_dunning();
select is(pg_temp.status(pg_temp.id(4)), 'active', 'a year goes on');
select is(
  (select sum(b.value) from coffee.billing_periods as b where b.subscription_id = pg_temp.id(4)), 120000.00, 'at what it was worth'
);

-- a box is credited at what was paid for it
select pg_temp.begin(5, -13);
select pg_temp.run('2031-07-10 11:00+09');
select pg_temp.stock(false);
select pg_temp.run('2031-09-10 11:00+09');
set local moadb.now = '2031-10-09 23:00+09';
select pg_temp.change(5, -14, 'period_end');
select pg_temp.run('2031-10-20 11:00+09', 'failed');
select is(
  (select array_agg(c.amount order by c.id) from coffee.subscription_credits as c where c.subscription_id = pg_temp.id(5) and c.reason = 'box_skipped'),
  array[10000.00, 10000.00], 'two boxes of the plan that was paid'
);
select pg_temp.stock(true);

-- what was credited once is not credited again as something else
select pg_temp.begin(6, -12);
select pg_temp.run('2031-10-20 11:00+09');
select coffee.cancel_order(o.id, 'broken') from coffee.subscription_orders as o where o.subscription_id = pg_temp.id(6);
select is(pg_temp.balance(6), 300000.00, 'a box was cancelled');
select pg_temp.change(6, -11);
select cmp_ok(pg_temp.balance(6), '<=', 300000.00, 'and is not credited again');

-- a part was credited, and then the box is given up: what is left goes back
select pg_temp.begin(7, -12);
update coffee.coffee_subscriptions as c set credit_balance = 300000 where c.id = pg_temp.id(7);
insert into coffee.subscription_credits (subscription_id, amount, reason) values (pg_temp.id(7), 300000, 'gift');
select pg_temp.stock(false);
select pg_temp.run('2031-10-20 11:00+09');
select pg_temp.change(7, -11);
select is(pg_temp.balance(7), 290000.00, 'credited as a smaller plan');
select coffee._drop_billing_job(min(b.id), 'out_of_stock') from coffee.billing_periods as b where b.subscription_id = pg_temp.id(7);
select is(pg_temp.balance(7), 300000.00, 'and dropped: all of it is back, and no more');
select is(coffee.entitled(pg_temp.u(7)), false, 'and nothing runs');
select pg_temp.stock(true);

-- refunds of a bill are no more than was paid
select pg_temp.begin(8, -13);
update coffee.coffee_subscriptions as c set credit_balance = 25000 where c.id = pg_temp.id(8);
insert into coffee.subscription_credits (subscription_id, amount, reason) values (pg_temp.id(8), 25000, 'gift');
select pg_temp.run('2031-10-20 11:00+09');
select pg_temp.run('2031-12-25 11:00+09');
select coffee.cancel_subscription(pg_temp.id(8), pg_temp.u(8), 'now');
select coffee.cancel_order(o.id, 'broken') from coffee.subscription_orders as o where o.subscription_id = pg_temp.id(8);
select is(
  (select sum((t.payload ->> 'amount')::numeric) from platform.tasks as t where t.topic = 'coffee.refund_charge' and t.payload ->> 'subscription_id' = pg_temp.id(8)::text),
  5000.00, 'what was paid with money'
);

-- a second payment without a reference, under another lease
select pg_temp.begin(9, -11);
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
create temporary table a as select 1 as n, c.job_id, c.lease_token from coffee.claim_billing_jobs(10) as c
  join coffee.billing_jobs as j on j.id = c.job_id where j.subscription_id = pg_temp.id(9);
select coffee.record_charge_result(a.job_id, a.lease_token, 'failed') from a;
select coffee.retry_charge(pg_temp.id(9), pg_temp.u(9));
insert into a select 2, c.job_id, c.lease_token from coffee.claim_billing_jobs(10) as c
  join coffee.billing_jobs as j on j.id = c.job_id where j.subscription_id = pg_temp.id(9);
create function pg_temp.told(p_n integer, p_reference text default null) returns text language sql as $$
  select coffee.record_charge_result(a.job_id, a.lease_token, 'succeeded', p_reference) from a where a.n = $1
$$;
create function pg_temp.refunds(p_n integer) returns bigint language sql as $$
  select count(*) from platform.tasks as t where t.topic = 'coffee.refund_charge' and t.payload ->> 'subscription_id' = pg_temp.id($1)::text
$$;
select is(pg_temp.told(2), 'succeeded', 'paid under the second lease');
select is(pg_temp.told(2), 'succeeded', 'told twice');
select is(pg_temp.refunds(9), 0::bigint, 'is once');
select is(pg_temp.told(1), 'succeeded', 'and paid under the first, which had been declined');
select is(pg_temp.refunds(9), 1::bigint, 'is to be refunded');
select is(pg_temp.told(1), 'succeeded', 'told twice');
select is(pg_temp.refunds(9), 1::bigint, 'once');
select is(pg_temp.told(1, repeat('x', 9000) || '1'), 'succeeded', 'a reference of nine thousand characters');
select is(pg_temp.told(1, repeat('x', 9000) || '2'), 'succeeded', 'and one that is almost the same');
select is(pg_temp.told(1, repeat('x', 9000) || '2'), 'succeeded', 'twice');
select is(pg_temp.refunds(9), 3::bigint, 'are two payments');

-- the bill that had failed is dropped with its box: nothing is owed any more
select pg_temp.run('2032-01-25 11:00+09', 'failed');
select is(pg_temp.status(pg_temp.id(9)), 'past_due', 'declined');
select coffee.cancel_order(o.id, 'broken') from coffee.subscription_orders as o where o.subscription_id = pg_temp.id(9) and o.status = 'pending';
select is(pg_temp.status(pg_temp.id(9)), 'active', 'no box, no charge, and it goes on');

-- a year in advance is for the plan that is to come, too
set local moadb.now = '2032-01-26 11:00+09';
select pg_temp.change(9, -16, 'period_end');
select throws_ok('select coffee.add_prepaid(pg_temp.id(9), 2)', 'MF028', null, 'not for a dearer plan');

select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');
select * from finish();
rollback;
