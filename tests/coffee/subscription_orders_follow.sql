begin;
select plan(11);

select has_function('coffee', '_subscription_orders_follow', array[]::text[]);
select function_returns('coffee', '_subscription_orders_follow', array[]::text[], 'trigger');
select isnt_definer('coffee', '_subscription_orders_follow', array[]::text[]);
select trigger_is('coffee', 'subscription_orders', 'subscription_orders_follow', 'coffee', '_subscription_orders_follow');

\ir boxes.psql

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]')), pg_temp.bill(pg_temp.subscriber(2, p.pick)) from p;
select coffee.assemble_boxes();
create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

create function pg_temp.stock() returns text language sql as $$ select sum(l.remaining) || ' ' || sum(l.reserved) from coffee.stock_lots as l $$;
select is(pg_temp.stock(), '40 4', 'four bags are promised');
select pg_temp.pay();
select is(pg_temp.stock(), '40 4', 'paid');
update coffee.subscription_orders as t set status = 'shipped', shipped_at = now() from o where o.id = t.id and u = 1;
select is(pg_temp.stock(), '38 2', 'whoever says that it has left, its bags leave');
update coffee.subscription_orders as t set status = 'delivered', delivered_at = now() from o where o.id = t.id and u = 1;
select is(pg_temp.stock(), '38 2', 'once');
update coffee.subscription_orders as t set status = 'cancelled', cancelled_at = now() from o where o.id = t.id and u = 2;
select is(pg_temp.stock(), '38 0', 'or that it never will, they are free');
select is((select sum(q.used) from coffee.roaster_quotas as q), 2::bigint, 'the quota, too');
select is((select sum(s.credit_balance) from coffee.coffee_subscriptions as s), 30000.00, 'and what was paid is credited');

select * from finish();
rollback;
