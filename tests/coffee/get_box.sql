begin;
select plan(6);

select has_function('coffee', 'get_box', array['uuid', 'uuid']);
select volatility_is('coffee', 'get_box', array['uuid', 'uuid'], 'stable');
select is_definer('coffee', 'get_box', array['uuid', 'uuid']);
select ok(has_function_privilege('coffee_app', 'coffee.get_box(uuid, uuid)', 'execute'), 'applications may call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.pick)) from p;
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select results_eq(
  $$select b.order_number::text, b.status::text, b.total_price, b.shipping_address, jsonb_array_length(b.items) from o cross join lateral coffee.get_box('d0000000-0000-0000-0000-000000000001', o.id) as b$$,
  $$select o.number::text, 'pending', 30000.00, '{"street": "1"}'::jsonb, 2 from o$$, 'one''s own'
);
select throws_ok('select coffee.get_box(''d0000000-0000-0000-0000-000000000002'', o.id) from o', 'MF070', null, 'somebody else''s');

select * from finish();
rollback;
