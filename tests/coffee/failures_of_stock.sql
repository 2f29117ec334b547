-- How stock has failed subscriptions elsewhere. Numbers as in tests/catalog/test_failure_modes_listed.py; the last bag for two subscribers
-- is in tests/concurrency/test_coffee_failure_modes.py.
begin;
select plan(18);
\ir shop.psql

-- T8: a renewal without stock: no charge is asked for
set local moadb.now = '2031-03-10 09:00+09';
update coffee.coffee_inventory set is_available = false where coffee_id::text like 'f0000000%';
create temporary table s as
select p.policy, null::uuid as id, row_number() over (order by p.policy) - 11 as plan
from unnest(array['delay', 'partial', 'skip', 'substitute']) as p (policy);
insert into coffee.plans (id, code, name, type, price_per_month, items_per_box, oos_policy, no_repeat_months)
select s.plan, 'oos-' || s.policy, 'p', 'monthly_pick', 30000, 2, s.policy, 0 from s;
update s set id = coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', s.plan, '{"street": "1"}');
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select is((select count(*) from coffee.claim_billing_jobs(100)), 0::bigint, 'T8: nothing in stock: nobody is asked for money');
select is(
  (select count(*) from coffee.subscription_orders as o join s on s.id = o.subscription_id where o.status <> 'cancelled'), 0::bigint,
  'T8: and no box is promised'
);
select is_empty(
  $$
    select j.status from s join coffee.billing_jobs as j on j.subscription_id = s.id
    where j.status not in ('waiting', 'cancelled') or s.policy = 'skip' and j.status <> 'cancelled'
  $$, 'T8: the bill waits for the coffee, or is dropped'
);
-- one coffee comes in: those that wait get it, once
update coffee.coffee_inventory set is_available = true where coffee_id::text ~ '^f0000000.*c[0-3]$';
select pg_temp.run('2031-03-25 09:00+09');
select is(
  (select count(*) from coffee.subscription_orders as o join s on s.id = o.subscription_id where s.policy = 'delay'), 1::bigint,
  'T8: delay: the box is packed when there is coffee again'
);
select is((select pg_temp.paid(s.id) from s where s.policy = 'delay'), 30000.00, 'T8: and paid then');
select is(
  (select count(*) from coffee.subscription_orders as o join s on s.id = o.subscription_id where s.policy = 'skip'), 0::bigint,
  'T8: skip: that month has none'
);
select is((select pg_temp.paid(s.id) from s where s.policy = 'skip'), 0.00, 'T8: and costs nothing');
select is_empty(
  $$
    select s.policy, j.id
    from s
    join coffee.billing_jobs as j on j.subscription_id = s.id and j.status = 'succeeded' and j.amount > 0
    where not exists (select from coffee.subscription_orders as o where o.period_id = j.period_id and o.status <> 'cancelled')
  $$, 'T8: nobody paid without a box'
);
select is_empty(
  'select i.id from coffee.coffee_inventory as i where i.reserved_stock > i.current_stock', 'T8: nothing is promised that is not there'
);
select coffee.cancel_subscription(s.id, 'f0000000-0000-0000-0000-0000000000a1', 'now', 'done') from s;

-- T16: the stock falls to the mark, counting what is reserved: each subscriber whose box holds the coffee is told once
set local moadb.now = '2031-05-01 09:00+09';
update coffee.coffee_inventory set is_available = true where coffee_id::text like 'f0000000%';
create temporary table c as
select
  coffee.subscribe(
    'f0000000-0000-0000-0000-0000000000a2', -2, '{"street": "1"}',
    p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c7", "unit": "100g", "quantity": 1}]'
  ) as wants,
  coffee.subscribe(
    'f0000000-0000-0000-0000-0000000000a3', -2, '{"street": "1"}',
    p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000c8", "unit": "100g", "quantity": 1}]'
  ) as other;
select pg_temp.run('2031-05-01 09:00+09'::timestamptz + n * interval '1 month') from generate_series(0, 3) as n;  -- a history of boxes with it
select is_empty(
  'select * from platform.check_invariants() as i where i.violations > 0 and i.invariant like ''coffee.%''', 'T8: what has to hold, holds'
);
update coffee.coffee_inventory set min_stock_alert = 10 where coffee_id = 'f0000000-0000-0000-0000-0000000000c7';
create function pg_temp.told(p_user text) returns bigint language sql as $$
  select count(*) from coffee.notifications as n
  where n.user_id = ('f0000000-0000-0000-0000-0000000000' || $1)::uuid and n.type = 'stock_alert'
$$;
create function pg_temp.free() returns integer language sql as $$
  select i.current_stock - i.reserved_stock from coffee.coffee_inventory as i
  where i.coffee_id = 'f0000000-0000-0000-0000-0000000000c7' and i.unit = '100g'
$$;
select is(pg_temp.told('a2'), 0::bigint, 'T16: plenty: nobody is told');
select coffee._reserve_stock('f0000000-0000-0000-0000-0000000000c7', '100g', pg_temp.free() - 11, '2031-09-01', null);
select is(pg_temp.told('a2'), 0::bigint, 'T16: one above the mark: not yet');
select coffee._reserve_stock('f0000000-0000-0000-0000-0000000000c7', '100g', 1, '2031-09-01', null);
select is(pg_temp.told('a2'), 1::bigint, 'T16: reserved to the mark: once, whatever boxes there have been');
select is(pg_temp.told('a3'), 0::bigint, 'T16: subscribers of other coffees are not');
select is(pg_temp.told('a1'), 0::bigint, 'T16: nor is who has cancelled');
select coffee._reserve_stock('f0000000-0000-0000-0000-0000000000c7', '100g', 3, '2031-09-01', null);
select is(pg_temp.told('a2'), 1::bigint, 'T16: below the mark: the crossing counts');
select is(
  (select count(*) from platform.tasks as t where t.topic = 'coffee.low_stock' and t.payload ->> 'coffee_id' = 'f0000000-0000-0000-0000-0000000000c7'),
  1::bigint, 'T16: the administrators are told, too'
);
select coffee.receive_stock('f0000000-0000-0000-0000-0000000000c7', '100g', 20, '2031-08-01', '2099-12-31');
select coffee._reserve_stock('f0000000-0000-0000-0000-0000000000c7', '100g', 20, '2031-09-01', null);
select is(pg_temp.told('a2'), 2::bigint, 'T16: a new delivery and a new crossing: again');
select * from finish();
rollback;
