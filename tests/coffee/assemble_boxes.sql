begin;
select plan(33);

select has_function('coffee', 'assemble_boxes', array['integer']);
select function_returns('coffee', 'assemble_boxes', array['integer'], 'integer');
select volatility_is('coffee', 'assemble_boxes', array['integer'], 'volatile');
select is_definer('coffee', 'assemble_boxes', array['integer']);
select ok(has_function_privilege('coffee_app', 'coffee.assemble_boxes(integer)', 'execute'), 'applications may call it');

\ir boxes.psql

select is(coffee.assemble_boxes(), 0, 'nothing to do');
select throws_ok('select coffee.assemble_boxes(0)', 'MF002', 'p_limit 0 is not accepted: it is 1 or more', 'none at all');

create temporary table s as
select
  pg_temp.subscriber(1, p.pick) as pick,
  pg_temp.subscriber(2, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]') as choice,
  pg_temp.subscriber(3, p.blind) as blind
from p;
create temporary table b as select pg_temp.bill(s.pick) as pick, pg_temp.bill(s.choice) as choice, pg_temp.bill(s.blind) as blind from s;
select is(coffee.assemble_boxes(2), 2, 'so many, and no more');
select is(coffee.assemble_boxes(), 1, 'and the rest');
select is(coffee.assemble_boxes(), 0, 'once');
select is(pg_temp.box((select b.pick from b)), 'c1×1 c3×1', 'the best of two roasters');
select is(pg_temp.box((select b.choice from b)), 'c2×2', 'what was chosen');
select results_eq(
  $$select o.status::text, o.order_month, o.total_price, o.credit, o.is_blind, o.reveal_at, o.order_number ~ '^CB202611-\d{6,}$', o.user_id = s.user_id
    from coffee.subscription_orders as o join coffee.coffee_subscriptions as s on s.id = o.subscription_id order by o.user_id$$,
  $$values ('pending', '2026-11-01'::date, 30000.00, 0.00, false, null::timestamptz, true, true),
    ('pending', '2026-11-01', 28001.00, 0.00, false, null, true, true), ('pending', '2026-11-01', 25000.00, 0.00, true, null, true, true)$$,
  'boxes at the price of their plan, not of what is in them'
);
select is((select array_agg(distinct b.status) from coffee.billing_jobs as b), array['pending'], 'and now they may be charged');
select is((select sum(l.reserved) from coffee.stock_lots as l), 6::bigint, 'their stock is promised');
select results_eq(
  $$select q.bag_no, length(q.token) from coffee.qr_codes as q join coffee.order_items as i on i.id = q.order_item_id where i.quantity = 2 order by 1$$,
  'values (1, 32), (2, 32)', 'each bag has a code'
);
select is(
  (select o.coffee_items from coffee.subscription_orders as o join b on b.choice = o.period_id),
  '[{"unit": "100g", "quantity": 2, "coffee_id": "d0000000-0000-0000-0000-0000000000c2"}]', 'the specification''s list of items'
);

-- no repeat
update coffee.subscription_orders as o set status = 'paid' from b where o.period_id = b.pick;
set local moadb.now = '2026-12-01 09:00+09';
create temporary table b2 as select pg_temp.bill(s.pick, 1) as pick from s;
select is(coffee.assemble_boxes(), 1, 'a month later');
select is(pg_temp.box((select b2.pick from b2)), 'c2×1 c4×1', 'others');
set local moadb.now = '2027-01-01 09:00+09';
create temporary table b3 as select pg_temp.bill(s.pick, 2) as pick from s;
select is(coffee.assemble_boxes(), 1, 'when there are none left that are new');
select is(pg_temp.box((select b3.pick from b3)), null, 'nothing is repeated');
select results_eq(
  $$select j.status, j.attempts, j.last_error, j.run_at, b.status from coffee.monthly_order_jobs as j join b3 on b3.pick = j.period_id
    join coffee.billing_jobs as b on b.period_id = j.period_id$$,
  $$values ('delayed', 1, 'out of stock', '2027-01-01 15:00+09'::timestamptz, 'waiting')$$, 'it waits, and so does the charge'
);
select is((select count(*) from coffee.notifications as n where n.type = 'box_delayed'), 1::bigint, 'the customer knows');
select is(coffee.assemble_boxes(), 0, 'not again at once');
set local moadb.now = '2027-01-01 15:00+09';
select is(coffee.assemble_boxes(), 1, 'six hours later');
select is((select count(*) from coffee.notifications as n where n.type = 'box_delayed'), 1::bigint, 'told once');
set local moadb.now = '2027-02-01 09:00+09';
select is(coffee.assemble_boxes(), 1, 'when the period is over');
select results_eq(
  $$select j.status, b.status, p.kind from coffee.monthly_order_jobs as j join b3 on b3.pick = j.period_id
    join coffee.billing_jobs as b on b.period_id = j.period_id join coffee.billing_periods as p on p.id = j.period_id$$,
  $$values ('skipped', 'cancelled', 'out_of_stock')$$, 'it is given up, and nobody pays'
);
select is(coffee.assemble_boxes(), 0, 'and that is that');

-- after an outage: a period that is over has two weeks
create temporary table b4 as select pg_temp.bill(s.pick, 3) as pick from s;
set local moadb.now = '2027-06-01 09:00+09';
insert into coffee.monthly_order_jobs (subscription_id, period_id, box_no, target_month, run_at, created_at)
select j.subscription_id, j.period_id, 1, j.target_month, j.run_at, platform.now() from coffee.monthly_order_jobs as j join b4 on b4.pick = j.period_id;
update coffee.monthly_order_jobs as j set status = 'cancelled' from b4 where j.period_id = b4.pick and j.box_no = 0;
update coffee.coffee_inventory set is_available = false;
select is(coffee.assemble_boxes(), 1, 'after an outage');
select is((select j.status from coffee.monthly_order_jobs as j join b4 on b4.pick = j.period_id and j.box_no = 1), 'delayed', 'it waits, although its period is over');
set local moadb.now = '2027-06-15 09:00+09';
select is(coffee.assemble_boxes(), 1, 'two weeks later');
select is((select j.status from coffee.monthly_order_jobs as j join b4 on b4.pick = j.period_id and j.box_no = 1), 'skipped', 'it is given up');

select * from finish();
rollback;
