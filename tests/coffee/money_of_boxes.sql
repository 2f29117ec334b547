-- Boxes that are cancelled or incomplete while plans change: what is given back is what was paid for them, by whichever bill.
begin;
select plan(17);
\ir shop.psql

insert into coffee.plans (id, code, name, type, price_per_month, interval_months, items_per_box, no_repeat_months, oos_policy)
values
  (-11, 'b-one', '1', 'monthly_pick', 10000, 1, 1, 0, 'partial'), (-12, 'b-two', '2', 'monthly_pick', 20000, 1, 2, 0, 'partial'),
  (-13, 'b-quarter', 'Q', 'monthly_pick', 10000, 3, 1, 0, 'delay'), (-14, 'b-big-quarter', 'BQ', 'monthly_pick', 300000, 3, 10, 0, 'delay'),
  (-15, 'b-year', 'Y', 'monthly_pick', 10000, 12, 1, 0, 'delay'), (-16, 'b-big', 'B', 'monthly_pick', 400000, 1, 10, 0, 'delay');
insert into coffee.users (id, email) select ('f0000000-0000-0000-0000-0000000000b' || n)::uuid, 'box' || n || '@example.com' from generate_series(1, 4) as n;
create temporary table s (n integer, id uuid);
create function pg_temp.u(p_n integer) returns uuid language sql as $$ select ('f0000000-0000-0000-0000-0000000000b' || $1)::uuid $$;
create function pg_temp.id(p_n integer) returns uuid language sql as $$ select s.id from s where s.n = $1 $$;
create function pg_temp.begin(p_n integer, p_plan bigint) returns void language sql as $$
  insert into s select $1, coffee.subscribe(pg_temp.u($1), $2, '{"street": "1"}')
$$;
create function pg_temp.change(p_n integer, p_plan bigint) returns numeric language sql as $$
  select c.charged from coffee.change_plan(pg_temp.id($1), pg_temp.u($1), $2, 'now') as c
$$;
create function pg_temp.balance(p_n integer) returns numeric language sql as $$
  select c.credit_balance from coffee.coffee_subscriptions as c where c.id = pg_temp.id($1)
$$;
create function pg_temp.value(p_n integer) returns numeric language sql as $$
  select sum(b.value) from coffee.billing_periods as b where b.subscription_id = pg_temp.id($1)
$$;
create function pg_temp.cancel_orders(p_n integer) returns bigint language sql as $$
  select count(coffee.cancel_order(o.id, 'broken')) from coffee.subscription_orders as o where o.subscription_id = pg_temp.id($1) and o.status = 'paid'
$$;
create function pg_temp.refunded(p_n integer) returns numeric language sql as $$
  select sum((t.payload ->> 'amount')::numeric) from platform.tasks as t
  where t.topic = 'coffee.refund_charge' and t.payload ->> 'subscription_id' = pg_temp.id($1)::text
$$;

-- an extra that is missing is not taken off what the other items are worth
set local moadb.now = '2031-01-10 10:00+09';
select coffee.subscribe(pg_temp.u(1), -12, '{"street": "1"}', p_anchor_at => '2031-01-20 10:00+09') as id \gset
insert into s values (1, :'id');
select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), 'f0000000-0000-0000-0000-0000000000c4');
update coffee.coffee_inventory set is_available = false where coffee_id = 'f0000000-0000-0000-0000-0000000000c4';
select pg_temp.run('2031-01-20 10:00+09');
select is(pg_temp.paid(pg_temp.id(1)), 35000.00, 'two items and an extra are paid');
select is(pg_temp.balance(1), 15000.00, 'the extra is missing and credited');
select is(pg_temp.value(1), 20000.00, 'the period is worth what it costs');
set local moadb.now = '2031-01-20 12:00+09';
select is(pg_temp.change(1, -11), 0.00, 'a smaller plan costs nothing');
select is(pg_temp.balance(1), 15000.00, 'also no credit');
select pg_temp.cancel_orders(1);
select is(pg_temp.balance(1), 35000.00, 'the box is cancelled: all is back');
select is(pg_temp.value(1), 0.00, 'and nothing left');
update coffee.coffee_inventory set is_available = true;

-- a box is cancelled after the end: what a change of plan has cost goes back as money, too
select pg_temp.begin(2, -13);
update coffee.coffee_inventory set is_available = false;
select coffee.process_monthly_billing();
select coffee._open_billing_job(b.id) from coffee.billing_periods as b where b.subscription_id = pg_temp.id(2);
select pg_temp.run('2031-01-20 12:00+09');
select is(pg_temp.change(2, -14), 870000.00, 'three boxes of a larger plan');
update coffee.coffee_inventory set is_available = true;
select pg_temp.run('2031-01-20 18:00+09');
select pg_temp.run('2031-01-20 19:00+09');
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'now');
select is(pg_temp.cancel_orders(2), 1::bigint, 'one box of them');
select is(pg_temp.refunded(2), 300000.00, 'is refunded');
select is(pg_temp.balance(2), 0.00, 'and no credit of somebody who has left');

-- a box is cancelled while the bill of a change is open, which then is not paid
set local moadb.now = '2031-02-01 10:00+09';
select pg_temp.begin(3, -12);
select pg_temp.run('2031-02-01 10:00+09');
set local moadb.now = '2031-02-27 10:00+09';
select cmp_ok(pg_temp.change(3, -16), '>', 20000.00, 'a larger plan');
select pg_temp.cancel_orders(3);
select pg_temp.run('2031-02-27 10:00+09', 'failed');
select is(pg_temp.balance(3), 20000.00, 'the box is credited');
select is(pg_temp.value(3), 0.00, 'and nothing is left of what was paid');

-- periods that are paid in advance are those of the plan that they were paid for
set local moadb.now = '2031-03-01 10:00+09';
select pg_temp.begin(4, -15);
select pg_temp.run('2031-03-01 10:00+09');
select cmp_ok(pg_temp.change(4, -16), '>', 0.00, 'from a year to months of a larger plan');
select throws_ok('select coffee.add_prepaid(pg_temp.id(4), 3)', 'MF027', null, 'which may be undone: so nothing can be paid in advance');

select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');
select * from finish();
rollback;
