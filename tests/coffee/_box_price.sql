begin;
select plan(7);

select has_function('coffee', '_box_price', array['coffee.monthly_order_jobs']);
select function_returns('coffee', '_box_price', array['coffee.monthly_order_jobs'], 'numeric');
select volatility_is('coffee', '_box_price', array['coffee.monthly_order_jobs'], 'stable');
select isnt_definer('coffee', '_box_price', array['coffee.monthly_order_jobs']);
select ok(not has_function_privilege('coffee_app', 'coffee._box_price(coffee.monthly_order_jobs)', 'execute'), 'applications may not call it');

\ir boxes.psql

create temporary table s as select pg_temp.subscriber(1, p.pick) as id from p;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.id, x.n, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 2, 1500 + x.n from s, generate_series(0, 1) as x (n);
select pg_temp.bill(s.id, 0, 2) from s;
update coffee.monthly_order_jobs set value = 30000;
select results_eq(
  'select j.box_no, coffee._box_price(j) from coffee.monthly_order_jobs as j join coffee.coffee_subscriptions as t on t.id = j.subscription_id order by 1',
  'values (0, 33000.00), (1, 30000.00)', 'the extras of the period are in its first box'
);
delete from coffee.period_changes;
select results_eq(
  'select j.box_no, coffee._box_price(j) from coffee.monthly_order_jobs as j join coffee.coffee_subscriptions as t on t.id = j.subscription_id order by 1',
  'values (0, 30000.00), (1, 30000.00)', 'without extras'
);

select * from finish();
rollback;
