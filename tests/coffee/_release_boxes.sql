begin;
select plan(8);
\ir shop.psql

select has_function('coffee', '_release_boxes', array['bigint', 'text']);
select function_returns('coffee', '_release_boxes', array['bigint', 'text'], 'void');
select volatility_is('coffee', '_release_boxes', array['bigint', 'text'], 'volatile');
select isnt_definer('coffee', '_release_boxes', array['bigint', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._release_boxes(bigint, text)', 'execute'), 'applications may not call it');

create temporary table stock as select sum(i.reserved_stock) as reserved from coffee.coffee_inventory as i;
set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -4, '{"street": "1"}') as id;
create function pg_temp.period() returns bigint language sql as $$ select max(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id $$;
create function pg_temp.job() returns coffee.billing_jobs language sql as $$ select j from coffee.billing_jobs as j where j.period_id = pg_temp.period() $$;
create function pg_temp.attempt() returns coffee.charge_attempts language sql as $$ select a from coffee.charge_attempts as a where a.job_id = (pg_temp.job()).id order by a.attempt desc limit 1 $$;
create function pg_temp.sub() returns coffee.coffee_subscriptions language sql as $$ select b from coffee.coffee_subscriptions as b join s on s.id = b.id $$;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select coffee._release_boxes(pg_temp.period(), 'r');
select is((select sum(i.reserved_stock) from coffee.coffee_inventory as i), (select reserved from stock), 'what was packed is back in the stock');
select results_eq(
  'select j.box_no, j.status from coffee.monthly_order_jobs as j where j.period_id = pg_temp.period() order by 1',
  $$values (0, 'done'), (1, 'cancelled'), (2, 'cancelled')$$, 'what was not is not'
);
select is((select o.status::text from coffee.subscription_orders as o where o.period_id = pg_temp.period()), 'cancelled', 'the box');

select * from finish();
rollback;
