begin;
select plan(19);

select has_function('coffee', 'scan_qr', array['text', 'uuid']);
select volatility_is('coffee', 'scan_qr', array['text', 'uuid'], 'volatile');
select is_definer('coffee', 'scan_qr', array['text', 'uuid']);
select ok(has_function_privilege('coffee_app', 'coffee.scan_qr(text, uuid)', 'execute'), 'applications may call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1", "quantity": 2}]')) from p;
select pg_temp.bill(pg_temp.subscriber(2, p.blind)) from p;
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select coffee._pay_order(o.period_id) from o;
create temporary table q as
select q.token, o.u, q.bag_no, i.coffee_id from coffee.qr_codes as q join coffee.order_items as i on i.id = q.order_item_id join o on o.id = i.order_id;
select throws_ok(
  'select coffee.scan_qr(q.token, ''d0000000-0000-0000-0000-000000000001'') from q where u = 1 and bag_no = 1', 'MF072', null, 'not before it has left'
);
select coffee.ship_order(o.id, null) from o;
grant select on q, o to coffee_app;
set local role coffee_app;
create temporary table first as
select s.* from q cross join lateral coffee.scan_qr(q.token, 'd0000000-0000-0000-0000-000000000001') as s where q.u = 1 and q.bag_no = 1;
select results_eq(
  'select f.order_id, f.coffee_id, f.is_hidden, f.record_id is not null, f.record_created_at from first as f',
  $$select o.id, 'd0000000-0000-0000-0000-0000000000c1'::uuid, false, true, '2026-11-01 09:00+09'::timestamptz from o where o.u = 1$$, 'a bag has a record'
);
set local role none;
set local moadb.now = '2026-11-05 09:00+09';
set local role coffee_app;
select results_eq(
  $$select s.* from q cross join lateral coffee.scan_qr(upper(q.token), 'd0000000-0000-0000-0000-000000000001') as s where q.u = 1 and q.bag_no = 1$$,
  'select * from first', 'the same one the next time'
);
select is(
  (select s.record_id from q cross join lateral coffee.scan_qr(q.token, 'd0000000-0000-0000-0000-000000000001') as s where q.u = 1 and q.bag_no = 2)
    = (select f.record_id from first as f), false, 'another bag, another record'
);
select throws_ok(
  'select coffee.scan_qr(q.token, ''d0000000-0000-0000-0000-000000000002'') from q where u = 1 and bag_no = 1', 'MF072',
  'there is no such code on a bag of this user', 'somebody else'
);
select throws_ok(
  'select coffee.scan_qr(''00000000000000000000000000000000'', ''d0000000-0000-0000-0000-000000000002'')', 'MF072',
  'there is no such code on a bag of this user', 'no code: the same answer'
);
select throws_ok('select coffee.scan_qr(null, ''d0000000-0000-0000-0000-000000000002'')', 'MF072', null, 'nothing');
select throws_ok('select coffee.scan_qr(q.token, null) from q where u = 1 and bag_no = 1', 'MF072', null, 'nobody');
select results_eq(
  $$select distinct s.coffee_id, s.is_hidden from q cross join lateral coffee.scan_qr(q.token, 'd0000000-0000-0000-0000-000000000002') as s where q.u = 2$$,
  'values (null::uuid, true)', 'a blind bag does not tell'
);
reset role;
select results_eq(
  $$select r.mode::text, r.is_subscription_coffee, r.qr_scanned, r.taste_layers, r.blind_mode, count(*) from coffee.taste_records as r group by 1, 2, 3, 4, 5 order by 5$$,
  $$values ('lab', true, true, '{}'::jsonb, false, 2::bigint), ('lab', true, true, '{}', true, 2)$$, 'records without taste as yet'
);
select is((select count(*) from coffee.qr_codes as c where c.scanned_at is not null and c.scanned_by is not null), 4::bigint, 'the codes know');
select is((select count(*) from coffee.experience_entries as e where e.reason = 'qr_scanned'), 3::bigint, 'an item counts once');
select coffee.delete_taste('d0000000-0000-0000-0000-000000000001', f.record_id, f.record_created_at) from first as f;
select isnt(
  (select s.record_id from q cross join lateral coffee.scan_qr(q.token, 'd0000000-0000-0000-0000-000000000001') as s where q.u = 1 and q.bag_no = 1),
  (select f.record_id from first as f), 'deleted, and scanned again'
);
select is(
  (select c.scanned_at from coffee.qr_codes as c join q on q.token = c.token and q.u = 1 and q.bag_no = 1), '2026-11-01 09:00+09'::timestamptz,
  'it was scanned first when it was'
);
update coffee.users set deleted_at = platform.now() where id = 'd0000000-0000-0000-0000-000000000001';
select throws_ok(
  'select coffee.scan_qr(q.token, ''d0000000-0000-0000-0000-000000000001'') from q where u = 1 and bag_no = 1', 'MF072', null, 'a user who is gone'
);

select * from finish();
rollback;
