begin;
select plan(16);
\ir shop.psql

select has_function('coffee', '_undo_plan_change', array['bigint']);
select function_returns('coffee', '_undo_plan_change', array['bigint'], 'void');
select volatility_is('coffee', '_undo_plan_change', array['bigint'], 'volatile');
select isnt_definer('coffee', '_undo_plan_change', array['bigint']);
select ok(not has_function_privilege('coffee_app', 'coffee._undo_plan_change(bigint)', 'execute'), 'applications may not call it');

set local moadb.now = '2031-01-31 09:00+09';
create temporary table s as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -4, '{"street": "1"}') as id;
select pg_temp.run('2031-01-31 09:00+09');
insert into coffee.plans (id, code, name, type, price_per_month, interval_months, items_per_box, no_repeat_months)
values (-7, 'shop-big-quarter', 'Big', 'monthly_pick', 60000, 3, 4, 0);
update coffee.coffee_subscriptions as b set credit_balance = 5000 from s where b.id = s.id;
insert into coffee.subscription_credits (subscription_id, amount, reason) select s.id, 5000, 'test' from s;
set local moadb.now = '2031-02-28 09:00+09';
select is((select c.charged from s cross join lateral coffee.change_plan(s.id, 'f0000000-0000-0000-0000-0000000000a1', -7, 'now') as c), 56685.00, 'two boxes and 61 of 89 days');
select coffee._undo_plan_change(b.id) from s join coffee.billing_periods as b on b.subscription_id = s.id where b.part = 2;
select results_eq(
  'select b.plan_id, b.price_per_month, b.credit_balance from s join coffee.coffee_subscriptions as b on b.id = s.id',
  'values (-4::bigint, 30000.00, 5000.00)', 'the plan before, and the credit'
);
select results_eq(
  'select b.kind, b.amount, b.price, b.plan_id from s join coffee.billing_periods as b on b.subscription_id = s.id order by b.part',
  $$values ('billed', 90000.00, 90000.00, -4::bigint), ('carried', 0, 90000, -4)$$, 'it goes on in the part'
);
select is((select sum(b.value) from s join coffee.billing_periods as b on b.subscription_id = s.id), 90000.00, 'for what was paid');

-- the bill of the change is declined only after the next period has begun: that one is billed by the plan before
set local moadb.now = '2031-05-10 09:00+09';
create temporary table late as select coffee.subscribe('f0000000-0000-0000-0000-0000000000a2', -1, '{"street": "1"}') as id;
select pg_temp.run('2031-05-10 09:00+09');
set local moadb.now = '2031-05-20 09:00+09';
select cmp_ok((select c.charged from late as l cross join lateral coffee.change_plan(l.id, 'f0000000-0000-0000-0000-0000000000a2', -6, 'now') as c),
  '>', 0::numeric, 'it costs something');
select ok((select b.is_change_unpaid from late as l join coffee.coffee_subscriptions as b on b.id = l.id), 'billing waits');
set local moadb.now = '2031-06-10 09:00+09';
select coffee.process_monthly_billing();
select is((select b.next_period from late as l join coffee.coffee_subscriptions as b on b.id = l.id), 1, 'the next period has begun, and waits');
select pg_temp.run('2031-06-10 10:00+09', 'failed');
select ok((select not b.is_change_unpaid from late as l join coffee.coffee_subscriptions as b on b.id = l.id), 'it is undone');
select pg_temp.run('2031-06-10 11:00+09');
select results_eq(
  $$
    select b.kind, b.amount
    from late as l
    join coffee.billing_periods as b on b.subscription_id = l.id
    order by b.period
  $$,
  $$values ('billed', 30000.00), ('carried', 0), ('billed', 30000)$$, 'and the next one costs what it cost before'
);
-- and when it is paid, the next one costs the dearer price
set local moadb.now = '2031-06-20 09:00+09';
select coffee.change_plan(l.id, 'f0000000-0000-0000-0000-0000000000a2', -6, 'now') from late as l;
set local moadb.now = '2031-07-10 09:00+09';
select is(coffee.process_monthly_billing(), 0::bigint, 'it waits again');
select pg_temp.run('2031-07-10 10:00+09');
select pg_temp.run('2031-07-10 11:00+09');
select is(
  (select b.amount from late as l join coffee.billing_periods as b on b.subscription_id = l.id and b.period_index = 2), 60000.00,
  'the dearer price from the next period on, once the change is paid'
);

select * from finish();
rollback;
