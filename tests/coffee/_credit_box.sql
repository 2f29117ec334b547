begin;
select plan(10);

select has_function('coffee', '_credit_box', array['uuid', 'bigint', 'numeric', 'text', 'bigint']);
select function_returns('coffee', '_credit_box', array['uuid', 'bigint', 'numeric', 'text', 'bigint'], 'void');
select volatility_is('coffee', '_credit_box', array['uuid', 'bigint', 'numeric', 'text', 'bigint'], 'volatile');
select isnt_definer('coffee', '_credit_box', array['uuid', 'bigint', 'numeric', 'text', 'bigint']);
select ok(not has_function_privilege('coffee_app', 'coffee._credit_box(uuid, bigint, numeric, text, bigint)', 'execute'), 'nobody may call it');

\ir boxes.psql

create temporary table s as select pg_temp.subscriber(1, p.pick) as id from p;
create temporary table b as select pg_temp.bill(s.id, 0, 2) as id from s;
create temporary table j as select j.id from coffee.monthly_order_jobs as j where j.box_no = 0;
update coffee.monthly_order_jobs set value = 30000;
select coffee._credit_box(s.id, b.id, 500, 'items_missing', j.id), coffee._credit_box(s.id, b.id, 0, 'nothing', j.id), coffee._credit_box(s.id, b.id, 300, 'box_skipped', j.id) from s, b, j;
select results_eq(
  'select c.amount, c.reason, c.period_id, c.created_at from coffee.subscription_credits as c order by c.id',
  $$select 500.00, 'items_missing', b.id, platform.now() from b union all select 300.00, 'box_skipped', b.id, platform.now() from b$$, 'in the ledger'
);
select is((select t.credit_balance from coffee.coffee_subscriptions as t), 800.00, 'and in the balance');
select coffee.assemble_boxes();
select pg_temp.pay();
select coffee.cancel_subscription(s.id, 'd0000000-0000-0000-0000-000000000001', 'now') from s;
update coffee.monthly_order_jobs set value = 29200 where box_no = 0;
delete from platform.tasks as t where t.topic = 'coffee.refund_charge';
select coffee._credit_box(s.id, b.id, 50000, 'order_cancelled', j.id) from s, b, coffee.monthly_order_jobs as j order by j.box_no;
select results_eq(
  $$select (t.payload ->> 'amount')::numeric, t.payload ->> 'gateway_reference' from platform.tasks as t where t.topic = 'coffee.refund_charge' order by t.id$$,
  $$select a.amount, 'payment ' || j.id from coffee.billing_jobs as j cross join (values (29200.0), (30000)) as a (amount) order by 1$$,
  'a subscription that has ended gets it back, each box its own, and no more than was paid'
);
select results_eq(
  $$select c.amount from coffee.subscription_credits as c where c.reason in ('order_cancelled', 'refunded') order by c.id$$,
  'values (29200.00), (-29200.00), (30000.00), (-30000.00)', 'the ledger tells of it'
);
select is((select t.credit_balance from coffee.coffee_subscriptions as t), 800.00, 'what was credited before stays');

select * from finish();
rollback;
