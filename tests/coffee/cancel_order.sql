begin;
select plan(28);

select has_function('coffee', 'cancel_order', array['uuid', 'text']);
select function_returns('coffee', 'cancel_order', array['uuid', 'text'], 'boolean');
select volatility_is('coffee', 'cancel_order', array['uuid', 'text'], 'volatile');
select is_definer('coffee', 'cancel_order', array['uuid', 'text']);
select ok(has_function_privilege('coffee_admin', 'coffee.cancel_order(uuid, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.cancel_order(uuid, text)', 'execute'), 'applications may not call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(u, p.pick)) from p, generate_series(1, 3) as u;
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select is(coffee.cancel_order(o.id, 'wrong coffee'), true, 'before it is paid') from o where u = 1;
select results_eq(
  'select b.status, p.kind, p.amount from coffee.billing_jobs as b join coffee.billing_periods as p on p.id = b.period_id join o on o.period_id = p.id and o.u = 1',
  $$values ('cancelled', 'out_of_stock', 0.00)$$, 'there is no charge without a box'
);
select is(coffee.cancel_order(o.id, 'wrong coffee'), false, 'again') from o where u = 1;
select pg_temp.pay();
select is(coffee.cancel_order(o.id, 'broken'), true, 'after') from o where u = 2;
select is((select sum(s.credit_balance) from coffee.coffee_subscriptions as s), 30000.00, 'its price is credited');
select is((select b.status from coffee.billing_jobs as b join o on o.period_id = b.period_id and u = 2), 'succeeded', 'and the bill stays paid');
select throws_ok('select coffee.cancel_order(null, null)', 'MF070', null, 'none');
select coffee.ship_order(o.id, null) from o where u = 3;
select throws_ok('select coffee.cancel_order(o.id, null) from o where u = 3', 'MF071', null, 'one that has left');

-- two boxes, packed; one is cancelled before the payment comes
create temporary table q as
select coffee.create_plan('t-two', 'Two', 'monthly_pick', 30000, p_interval_months => 2) as two,
  coffee.create_plan('t-quarter', 'Quarter', 'monthly_pick', 30000, p_interval_months => 3) as quarter;
select pg_temp.bill(pg_temp.subscriber(4, q.two), 0, 2), pg_temp.bill(pg_temp.subscriber(5, q.two), 0, 2), pg_temp.bill(pg_temp.subscriber(6, q.quarter), 0, 3) from q;
set local moadb.now = '2026-12-01 09:00+09';
select coffee.receive_stock(c.id, '100g', 10, '2026-11-25') from coffee.coffees as c where c.id::text like 'd0000000%';
update coffee.monthly_order_jobs as j set run_at = platform.now() + interval '1 month' from coffee.coffee_subscriptions as s, q where s.id = j.subscription_id and s.plan_id = q.quarter and j.box_no > 0;
select coffee.assemble_boxes();
create temporary table w as
select o.id, o.period_id, o.status, o.subscription_id, right(o.user_id::text, 1)::integer as u, row_number() over (partition by o.user_id order by o.order_month) as box
from coffee.subscription_orders as o where right(o.user_id::text, 1) in ('4', '5', '6');
select is((select string_agg(w.u || '.' || w.box || ' ' || w.status, ', ' order by w.u, w.box) from w), '4.1 pending, 4.2 pending, 5.1 pending, 5.2 pending, 6.1 pending', 'boxes of bills that wait for payment');
select coffee.cancel_order(w.id, 'broken') from w where w.u in (4, 5) and w.box = 2;
select coffee.cancel_order(w.id, 'broken') from w where w.u = 6;
select is((select array_agg(b.status order by b.amount) from coffee.billing_jobs as b where b.period_id in (select w.period_id from w)), '{pending,pending,pending}', 'the bill stays while another box is packed, or still comes');
select is((select sum(s.credit_balance) from coffee.coffee_subscriptions as s where s.id in (select w.subscription_id from w)), 0.00, 'nothing is credited that nobody has paid');
select pg_temp.pay();
select is((select s.credit_balance from coffee.coffee_subscriptions as s join w on w.subscription_id = s.id and w.u = 4 limit 1), 30000.00, 'the payment of both boxes credits the one that was cancelled');
select is((select s.credit_balance from coffee.coffee_subscriptions as s join w on w.subscription_id = s.id and w.u = 6), 30000.00, 'so does that of a quarter');
select is(
  (select array_agg(j.status order by j.box_no) from coffee.monthly_order_jobs as j join w on w.period_id = j.period_id and w.u = 6), '{done,pending,pending}', 'its other boxes come'
);
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant = 'coffee.payments_are_accounted_for'$$, 'all is accounted for');
select coffee._credit_unsent(s, w.period_id) from coffee.coffee_subscriptions as s join w on w.subscription_id = s.id and w.u = 6;
select is((select s.credit_balance from coffee.coffee_subscriptions as s join w on w.subscription_id = s.id and w.u = 6), 30000.00, 'a box is credited once');
insert into coffee.subscription_credits (subscription_id, period_id, amount, reason) select w.subscription_id, w.period_id, 1, 'order_cancelled' from w where w.u = 6;
select isnt_empty($$select c.sample from platform.check_invariants('coffee') as c where c.violations > 0 and c.invariant = 'coffee.payments_are_accounted_for'$$, 'a credit too many is found');
select coffee.cancel_order(w.id, 'broken too') from w where w.u = 4 and w.box = 1;
select is((select s.credit_balance from coffee.coffee_subscriptions as s join w on w.subscription_id = s.id and w.u = 4 limit 1), 60000.00, 'the other one, cancelled later, is credited once');

-- at the gateway while the last box is cancelled
select pg_temp.bill(pg_temp.subscriber(4, p.pick), 0, 2) from p;
set local moadb.now = '2027-01-05 09:00+09';
select coffee.receive_stock(c.id, '100g', 20, '2027-01-02') from coffee.coffees as c where c.id::text like 'd0000000%';
select coffee.assemble_boxes();
create temporary table claim as select * from coffee.claim_billing_jobs(100);
create temporary table v as select o.id, o.period_id from coffee.subscription_orders as o join coffee.billing_jobs as b on b.period_id = o.period_id join claim on claim.job_id = b.id;
select is((select count(*) from v), 2::bigint, 'two boxes of a charge that is being made');
select coffee.cancel_order(v.id, 'all') from v;
select is((select b.status from coffee.billing_jobs as b join claim on claim.job_id = b.id), 'cancelled', 'without any box the bill is dropped');
select coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'too late') from claim as c;
select is((select (t.payload ->> 'amount')::numeric from platform.tasks as t where t.topic = 'coffee.refund_charge' and t.payload ->> 'gateway_reference' = 'too late'), 60000.0, 'and the payment goes back as a whole');
select is((select count(*) from coffee.subscription_credits as c join v on v.period_id = c.period_id), 0::bigint, 'without a credit');

select * from finish();
rollback;
