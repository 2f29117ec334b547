begin;
select plan(11);

select has_function('coffee', 'deliver_order', array['uuid']);
select function_returns('coffee', 'deliver_order', array['uuid'], 'character varying');
select volatility_is('coffee', 'deliver_order', array['uuid'], 'volatile');
select is_definer('coffee', 'deliver_order', array['uuid']);
select ok(has_function_privilege('coffee_app', 'coffee.deliver_order(uuid)', 'execute'), 'applications may call it');
select ok(has_function_privilege('coffee_admin', 'coffee.deliver_order(uuid)', 'execute'), 'administrators may call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.pick)) from p;
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select throws_ok('select coffee.deliver_order(o.id) from o', 'MF071', null, 'not before it has left');
select coffee._pay_order(o.period_id), coffee.ship_order(o.id, null) from o;
set local moadb.now = '2026-11-03 09:00+09';
select is(coffee.deliver_order(o.id)::text, 'delivered', 'it is there') from o;
set local moadb.now = '2026-11-04 09:00+09';
select is(coffee.deliver_order(o.id)::text, 'delivered', 'still') from o;
select is((select t.delivered_at from coffee.subscription_orders as t), '2026-11-03 09:00+09'::timestamptz, 'since');
select throws_ok('select coffee.deliver_order(null)', 'MF070', null, 'none');

select * from finish();
rollback;
