begin;
select plan(11);

select has_function('coffee', '_pay_order', array['bigint']);
select function_returns('coffee', '_pay_order', array['bigint'], 'integer');
select volatility_is('coffee', '_pay_order', array['bigint'], 'volatile');
select isnt_definer('coffee', '_pay_order', array['bigint']);
select ok(not has_function_privilege('coffee_app', 'coffee._pay_order(bigint)', 'execute'), 'nobody may call it');

\ir boxes.psql

create temporary table b as select pg_temp.bill(pg_temp.subscriber(1, p.pick), 0, 2) as pick, pg_temp.bill(pg_temp.subscriber(2, p.blind)) as blind from p;
set local moadb.now = '2026-12-01 09:00+09';
select coffee.assemble_boxes();
select is(coffee._pay_order(b.blind), 1, 'paid') from b;
select results_eq(
  'select o.status::text, count(*) from coffee.subscription_orders as o join b on o.period_id in (b.pick, b.blind) group by 1 order by 1',
  $$values ('paid', 1::bigint), ('pending', 2)$$, 'of one period'
);
select is(coffee._pay_order(b.blind), 0, 'once') from b;
select is(bool_and(coffee._cancel_order(o.id, 'x')), true, 'the others are cancelled') from coffee.subscription_orders as o where o.status = 'pending';
select is(coffee._pay_order(b.pick), 0, 'a payment that comes late makes no box of it') from b;
select is(coffee._pay_order(-1), 0, 'no box');

select * from finish();
rollback;
