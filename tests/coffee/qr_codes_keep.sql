begin;
select plan(13);

select trigger_is('coffee', 'qr_codes', 'qr_codes_keep', 'coffee', '_keep_rows');
select trigger_is('coffee', 'qr_codes', 'qr_codes_keep_all', 'coffee', '_keep_rows');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]')), pg_temp.bill(pg_temp.subscriber(2, p.pick)) from p;
select coffee.assemble_boxes();
create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select pg_temp.pay();
select coffee.ship_order(o.id, null) from o;
create temporary table r as
select s.*, q.token from coffee.qr_codes as q join coffee.order_items as i on i.id = q.order_item_id join o on o.id = i.order_id and o.u = 1 and q.bag_no = 1
cross join lateral coffee.scan_qr(q.token, 'd0000000-0000-0000-0000-000000000001') as s;
select throws_ok('update coffee.qr_codes set ' || c, 'MF003', 'update on coffee.qr_codes is refused', c)
from unnest(array[
  'token = token || ''0''', 'order_item_id = order_item_id + 1', 'bag_no = bag_no + 10', 'created_at = now() + interval ''1 day''',
  'scanned_by = ''d0000000-0000-0000-0000-000000000002'', scanned_at = now()', 'record_id = gen_random_uuid() where record_id is not null'
]) as c;
select throws_ok('delete from coffee.qr_codes', 'MF003', null, 'none is deleted');
select throws_ok('truncate coffee.qr_codes', 'MF003', null, 'nor all');
select throws_ok('update coffee.qr_codes set scanned_by = null', 'MF003', null, 'a scan is not undone');
select lives_ok('update coffee.qr_codes set record_id = null, record_created_at = null', 'its record may go');
select throws_ok('update coffee.qr_codes set record_id = gen_random_uuid() where record_id is null', '23514', null, 'half a key');

select * from finish();
rollback;
