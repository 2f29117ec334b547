begin;
select plan(8);

select has_function('coffee', '_find_bag', array['text', 'uuid']);
select volatility_is('coffee', '_find_bag', array['text', 'uuid'], 'volatile');
select isnt_definer('coffee', '_find_bag', array['text', 'uuid']);
select ok(not has_function_privilege('coffee_app', 'coffee._find_bag(text, uuid)', 'execute'), 'nobody may call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.pick)) from p;
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

create temporary table q as select q.token from coffee.qr_codes as q limit 1;
select coffee._pay_order(o.period_id) from o;
select throws_ok('select coffee._find_bag(q.token, ''d0000000-0000-0000-0000-000000000001'') from q', 'MF072', null, 'before it has left');
select coffee.ship_order(o.id, null) from o;
select results_eq(
  $$select b.order_id, b.is_hidden, b.record_id, b.record_created_at from q cross join lateral coffee._find_bag(upper(q.token), 'd0000000-0000-0000-0000-000000000001') as b$$,
  'select o.id, false, null::uuid, null::timestamptz from o', 'a bag without a record'
);
select throws_ok('select coffee._find_bag(q.token, ''d0000000-0000-0000-0000-000000000002'') from q', 'MF072', null, 'somebody else''s');
select throws_ok('select coffee._find_bag(''x'', ''d0000000-0000-0000-0000-000000000001'')', 'MF072', null, 'no code');

select * from finish();
rollback;
