begin;
select plan(11);

select has_function('coffee', 'list_packing', array['timestamp with time zone', 'uuid', 'integer']);
select volatility_is('coffee', 'list_packing', array['timestamp with time zone', 'uuid', 'integer'], 'stable');
select is_definer('coffee', 'list_packing', array['timestamp with time zone', 'uuid', 'integer']);
select ok(has_function_privilege('coffee_admin', 'coffee.list_packing(timestamptz, uuid, integer)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.list_packing(timestamptz, uuid, integer)', 'execute'), 'applications may not call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.pick)), pg_temp.bill(pg_temp.subscriber(2, p.blind)), pg_temp.bill(pg_temp.subscriber(3, p.pick)) from p;
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select is_empty('select coffee.list_packing()', 'nothing is paid');
select coffee._pay_order(o.period_id) from o where u < 3;
select results_eq(
  $$select l.order_id, jsonb_array_length(l.bags) from coffee.list_packing() as l$$, 'select o.id, 2 from o where u < 3 order by o.id', 'what is paid'
);
select is(
  (select count(*) from coffee.list_packing() as l cross join lateral jsonb_array_elements(l.bags) as b join coffee.qr_codes as q on q.token = b ->> 'qr_code'
    join coffee.order_items as i on i.id = q.order_item_id and i.coffee_id = (b ->> 'coffee_id')::uuid and i.lot_id = (b ->> 'lot_id')::bigint),
  4::bigint, 'which bag to take, and the code to print on it'
);
select is(
  (select count(*) from (select l.* from coffee.list_packing(p_limit => 1) as l) as one cross join lateral coffee.list_packing(one.created_at, one.order_id)),
  1::bigint, 'the next page'
);
select coffee.ship_order(o.id, null) from o where u = 1;
select is((select count(*) from coffee.list_packing()), 1::bigint, 'what has left is off the list');
select throws_ok('select coffee.list_packing(p_limit => 0)', 'MF002', null, 'an empty page');

select * from finish();
rollback;
