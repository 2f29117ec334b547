begin;
select plan(7);

select has_function('coffee', '_credit_unsent', array['coffee.coffee_subscriptions', 'bigint']);
select function_returns('coffee', '_credit_unsent', array['coffee.coffee_subscriptions', 'bigint'], 'void');
select volatility_is('coffee', '_credit_unsent', array['coffee.coffee_subscriptions', 'bigint'], 'volatile');
select isnt_definer('coffee', '_credit_unsent', array['coffee.coffee_subscriptions', 'bigint']);
select ok(not has_function_privilege('coffee_app', 'coffee._credit_unsent(coffee.coffee_subscriptions, bigint)', 'execute'), 'applications may not call it');

\ir boxes.psql

create temporary table s as select pg_temp.subscriber(1, p.pick) as id from p;
create temporary table b as select pg_temp.bill(s.id, 0, 4) as id from s;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.id, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 2, 1500 from s;
update coffee.monthly_order_jobs set status = 'skipped', value = 30000 where box_no in (0, 1);
update coffee.monthly_order_jobs set run_at = platform.now() where box_no = 2;
select coffee.assemble_boxes();
select coffee.cancel_order(o.id, 'broken') from coffee.subscription_orders as o;
select coffee._credit_unsent(t, b.id) from coffee.coffee_subscriptions as t, b;
select results_eq(
  'select c.amount, c.reason, c.period_id from coffee.subscription_credits as c order by c.id',
  $$select c.amount, c.reason, b.id from b, (values (33000.00, 'box_skipped'), (30000.00, 'box_skipped'), (30000.00, 'order_cancelled')) as c (amount, reason)$$,
  'what was skipped and what was cancelled, not what still comes'
);
select is((select t.credit_balance from coffee.coffee_subscriptions as t), 93000.00, 'and the balance');

select * from finish();
rollback;
