begin;
select plan(18);

select has_function('coffee', 'ship_order', array['uuid', 'text']);
select function_returns('coffee', 'ship_order', array['uuid', 'text'], 'character varying');
select volatility_is('coffee', 'ship_order', array['uuid', 'text'], 'volatile');
select is_definer('coffee', 'ship_order', array['uuid', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.ship_order(uuid, text)', 'execute'), 'applications may call it');
select ok(has_function_privilege('coffee_admin', 'coffee.ship_order(uuid, text)', 'execute'), 'administrators may call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.pick)), pg_temp.bill(pg_temp.subscriber(2, p.blind)), pg_temp.bill(pg_temp.subscriber(3, p.pick)) from p;
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select throws_ok('select coffee.ship_order(o.id, null) from o where u = 1', 'MF071', null, 'not before it is paid');
select coffee._pay_order(o.period_id) from o;
set local moadb.now = '2026-11-03 09:00+09';
select is(coffee.ship_order(o.id, 'T1')::text, 'shipped', 'it has left') from o where u = 1;
select is(coffee.ship_order(o.id, 'T2')::text, 'shipped', 'again') from o where u = 1;
select is(coffee.ship_order(o.id, null)::text, 'shipped', 'a blind one') from o where u = 2;
select results_eq(
  'select t.shipped_at, t.tracking_number::text, t.reveal_at from coffee.subscription_orders as t where t.shipped_at is not null order by t.is_blind',
  $$values (platform.now(), 'T1', null::timestamptz), (platform.now(), null, platform.now() + interval '30 days')$$, 'which tells after 30 days'
);
select results_eq('select sum(l.remaining), sum(l.reserved) from coffee.stock_lots as l', 'values (36::bigint, 2::bigint)', 'its bags are off the shelf');
select is((select count(*) from coffee.notifications as n where n.type = 'box_shipped'), 2::bigint, 'their customers know');
select is(coffee.deliver_order(o.id)::text, 'delivered', 'it arrives') from o where u = 1;
select is(coffee.ship_order(o.id, 'T3')::text, 'delivered', 'too late') from o where u = 1;
select throws_ok('select coffee.ship_order(o.id, repeat(''x'', 101)) from o where u = 3', 'MF002', null, 'no tracking number');
select coffee.cancel_order(o.id, null) from o where u = 3;
select throws_ok('select coffee.ship_order(o.id, null) from o where u = 3', 'MF071', null, 'one that was cancelled');
select throws_ok('select coffee.ship_order(null, null)', 'MF070', null, 'none');

select * from finish();
rollback;
