begin;
select plan(16);

select has_function('coffee', '_cancel_order', array['uuid', 'text']);
select function_returns('coffee', '_cancel_order', array['uuid', 'text'], 'boolean');
select volatility_is('coffee', '_cancel_order', array['uuid', 'text'], 'volatile');
select isnt_definer('coffee', '_cancel_order', array['uuid', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._cancel_order(uuid, text)', 'execute'), 'nobody may call it');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(u, p.pick)) from p, generate_series(1, 2) as u;
select coffee.assemble_boxes();
create temporary table o as select o.id, o.period_id, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;
select is(coffee._cancel_order(o.id, 'changed their mind'), true, 'cancelled') from o where u = 1;
select is(coffee._cancel_order(o.id, 'again'), false, 'once') from o where u = 1;
select results_eq(
  'select t.status::text, t.cancelled_at, t.cancellation_reason from coffee.subscription_orders as t join o on o.id = t.id and o.u = 1',
  $$values ('cancelled', platform.now(), 'changed their mind')$$, 'and why'
);
select is((select sum(l.reserved) from coffee.stock_lots as l), 2::bigint, 'its bags are free again');
select is((select sum(q.used) from coffee.roaster_quotas as q), 2::bigint, 'and so is the roasters'' quota');
select is((select sum(t.credit_balance) from coffee.coffee_subscriptions as t), 0.00, 'nothing was paid');
select coffee._pay_order(o.period_id) from o;
select is(coffee._cancel_order(o.id, 'broken'), true, 'a paid one') from o where u = 2;
select is((select sum(t.credit_balance) from coffee.coffee_subscriptions as t), 30000.00, 'is credited');
select is((select sum(l.reserved) from coffee.stock_lots as l), 0::bigint, 'nothing is promised any more');
select throws_ok('select coffee._cancel_order(null, null)', 'MF070', null, 'none');
select pg_temp.bill(pg_temp.subscriber(3, p.pick)) from p;
select coffee.assemble_boxes();
insert into o select o.id, o.period_id, 3 from coffee.subscription_orders as o where o.status = 'pending';
select coffee._pay_order(o.period_id), coffee.ship_order(o.id, null) from o where u = 3;
select throws_ok('select coffee._cancel_order(o.id, null) from o where u = 3', 'MF071', null, 'what has left');

select * from finish();
rollback;
