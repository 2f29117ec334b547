begin;
select plan(4);

select trigger_is('coffee', 'order_items', 'order_items_keep', 'coffee', '_keep_rows');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]')), pg_temp.bill(pg_temp.subscriber(2, p.pick)) from p;
select coffee.assemble_boxes();
create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select throws_ok('update coffee.order_items set quantity = 1', 'MF003', 'update on coffee.order_items is refused', 'what was packed');
select throws_ok('delete from coffee.order_items', 'MF003', null, 'lies in the box');
select throws_ok('truncate coffee.order_items cascade', 'MF003', null, 'all of it');

select * from finish();
rollback;
