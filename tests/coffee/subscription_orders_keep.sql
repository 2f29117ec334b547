begin;
select plan(19);

select trigger_is('coffee', 'subscription_orders', 'subscription_orders_keep', 'coffee', '_keep_rows');
select trigger_is('coffee', 'subscription_orders', 'subscription_orders_keep_all', 'coffee', '_keep_rows');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]')), pg_temp.bill(pg_temp.subscriber(2, p.pick)) from p;
select coffee.assemble_boxes();
create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select throws_ok('update coffee.subscription_orders set ' || c, 'MF003', 'update on coffee.subscription_orders is refused', c)
from unnest(array[
  'id = gen_random_uuid()', 'user_id = ''d0000000-0000-0000-0000-000000000003''', 'subscription_id = gen_random_uuid()', 'period_id = -1',
  'order_job_id = -1', 'order_month = order_month + interval ''1 month''', 'order_number = ''x''', 'coffee_items = ''[]''', 'total_price = 0',
  'currency = ''USD''', 'credit = 1', 'is_blind = not is_blind', 'qr_codes = null', 'created_at = ''-infinity'''
]) as c;
select throws_ok('delete from coffee.subscription_orders', 'MF003', 'delete on coffee.subscription_orders is refused', 'none is deleted');
select throws_ok('truncate coffee.subscription_orders cascade', 'MF003', null, 'nor all of them');
select lives_ok('update coffee.subscription_orders set shipping_address = ''{}'', tracking_number = ''x''', 'where it goes may be set right, or blanked');

select * from finish();
rollback;
