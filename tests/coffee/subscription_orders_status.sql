begin;
select plan(14);

select trigger_is('coffee', 'subscription_orders', 'subscription_orders_status', 'platform', 'check_transition');
select trigger_is('coffee', 'subscription_orders', 'subscription_orders_status_insert', 'platform', 'check_transition');
select trigger_is('coffee', 'subscription_orders', 'subscription_orders_updated_at', 'platform', 'update_updated_at');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]')), pg_temp.bill(pg_temp.subscriber(2, p.pick)) from p;
select coffee.assemble_boxes();
create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select throws_ok(format('update coffee.subscription_orders set status = %L, shipped_at = now(), delivered_at = now()', s), 'MP050', null, 'pending → ' || s)
from unnest(array['shipped', 'delivered', 'lost']) as s;
select throws_ok('update coffee.subscription_orders set status = null', 'MP050', null, 'nothing');
select throws_ok(
  $$insert into coffee.subscription_orders (subscription_id, user_id, period_id, order_job_id, order_month, order_number, status, coffee_items, total_price, shipping_address)
    select t.subscription_id, t.user_id, t.period_id, -1, t.order_month, 'x', 'paid', '[]', 0, '{}' from coffee.subscription_orders as t limit 1$$,
  'MP050', null, 'none begins as paid'
);
select coffee._pay_order(o.period_id) from o;
select throws_ok('update coffee.subscription_orders set status = ''pending''', 'MP050', null, 'a payment is not undone');
select throws_ok('update coffee.subscription_orders set status = ''shipped''', '23514', null, 'shipped without a time');
select throws_ok('update coffee.subscription_orders set shipped_at = now()', '23514', null, 'a time without being shipped');
select throws_ok('update coffee.subscription_orders set reveal_at = now()', '23514', null, 'what is not blind has nothing to tell');
select throws_ok('update coffee.subscription_orders set status = ''cancelled''', '23514', null, 'cancelled without a time');
set local moadb.now = '2026-11-02 09:00+09';
update coffee.subscription_orders set shipping_address = '{}';
select is((select bool_and(t.updated_at = platform.now()) from coffee.subscription_orders as t), true, 'when it was changed');

select * from finish();
rollback;
