begin;
select plan(20);

select has_function('coffee', 'simulate', array['timestamp with time zone', 'interval']);
select volatility_is('coffee', 'simulate', array['timestamp with time zone', 'interval'], 'volatile');
select is_definer('coffee', 'simulate', array['timestamp with time zone', 'interval']);
select ok(not has_function_privilege('coffee_app', 'coffee.simulate(timestamptz, interval)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('coffee_admin', 'coffee.simulate(timestamptz, interval)', 'execute'), 'administrators may');

\ir shop.psql
set local moadb.now = '2031-01-31 09:00+09';
insert into coffee.plans (id, code, name, type, price_per_month, items_per_box, oos_policy) values (-8, 'shop-few', 'Few', 'my_choice', 10000, 5, 'partial');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription, subscription_price_100g)
values ('f0000000-0000-0000-0000-0000000000d0', 'rare', 'f0000000-0000-0000-0000-0000000000f0', 'Kenya', true, 15000);
select coffee.receive_stock('f0000000-0000-0000-0000-0000000000d0', '100g', 7, '2031-01-01', '2039-12-31');
create temporary table s as
select
  coffee.subscribe('f0000000-0000-0000-0000-0000000000a1', -1, '{"street": "1"}') as pick,
  coffee.subscribe(
    'f0000000-0000-0000-0000-0000000000a2', -8, '{"street": "1"}',
    p_items => '[{"coffee_id": "f0000000-0000-0000-0000-0000000000d0", "quantity": 3}, {"coffee_id": "f0000000-0000-0000-0000-0000000000c1"}]'
  ) as few,
  coffee.subscribe('f0000000-0000-0000-0000-0000000000a3', -4, '{"street": "1"}', p_anchor_at => '2031-03-15 00:00+09') as later;
select pg_temp.run('2031-01-31 09:00+09');
select coffee.skip_period(s.pick, 'f0000000-0000-0000-0000-0000000000a1', 2) from s;
create function pg_temp.state() returns jsonb language sql as $$
  select jsonb_build_object(
    'subscriptions', (select jsonb_agg(to_jsonb(t) order by t.id) from coffee.coffee_subscriptions as t),
    'periods', (select jsonb_agg(to_jsonb(t) order by t.id) from coffee.billing_periods as t),
    'jobs', (select jsonb_agg(to_jsonb(t) order by t.id) from coffee.billing_jobs as t),
    'attempts', (select jsonb_agg(to_jsonb(t) order by t.id) from coffee.charge_attempts as t),
    'boxes', (select jsonb_agg(to_jsonb(t) order by t.id) from coffee.subscription_orders as t),
    'requests', (select jsonb_agg(to_jsonb(t) order by t.id) from coffee.monthly_order_jobs as t),
    'stock', (select jsonb_agg(to_jsonb(t) order by t.id) from coffee.coffee_inventory as t),
    'movements', (select count(*) from coffee.stock_movements),
    'users', (select jsonb_agg(to_jsonb(t) order by t.id) from coffee.users as t),
    'notifications', (select count(*) from coffee.notifications),
    'tasks', (select count(*) from platform.tasks),
    'clock', current_setting('moadb.now')
  )
$$;
create temporary table before as select pg_temp.state() as state;
create temporary table f as select * from coffee.simulate('2031-06-01 00:00+09');
select is(pg_temp.state(), b.state, 'nothing of it stays') from before as b;
select is_empty(
  $$select from pg_locks as l where l.pid = pg_backend_pid() and l.mode = 'AccessExclusiveLock' and l.relation in (select c.oid from pg_class as c where c.relnamespace = 'coffee'::regnamespace)$$,
  'no table is locked'
);

select results_eq(
  'select f.month, f.currency, f.quantity, f.amount from f where f.kind = ''charge'' order by f.month',
  $$
    values
      ('2031-02-01'::date, 'KRW', 2::bigint, 40000.00), ('2031-03-01', 'KRW', 2, 100000), ('2031-04-01', 'KRW', 2, 32500),
      ('2031-05-01', 'KRW', 2, 32500)
  $$, 'charges of each month: not of the one that is skipped, one for the quarter, less for the box before that lacked three of four bags'
);
select results_eq(
  'select f.month, sum(f.quantity) from f where f.kind = ''box'' and f.coffee_id <> ''f0000000-0000-0000-0000-0000000000d0'' group by f.month order by 1',
  $$values ('2031-02-01'::date, 3::numeric), ('2031-03-01', 3), ('2031-04-01', 5), ('2031-05-01', 5)$$, 'bags of each month'
);
select results_eq(
  'select f.month, f.quantity from f where f.kind = ''box'' and f.coffee_id = ''f0000000-0000-0000-0000-0000000000d0'' order by f.month',
  $$values ('2031-02-01'::date, 3::bigint)$$, 'of a coffee of which four bags are left'
);
select results_eq(
  'select f.month, f.coffee_id, f.unit, f.quantity from f where f.kind = ''shortfall'' order by f.month',
  $$
    values
      ('2031-03-01'::date, 'f0000000-0000-0000-0000-0000000000d0'::uuid, '100g', 3::bigint),
      ('2031-04-01', 'f0000000-0000-0000-0000-0000000000d0', '100g', 3), ('2031-05-01', 'f0000000-0000-0000-0000-0000000000d0', '100g', 3)
  $$, 'what will be missing'
);

-- and so it comes about
select pg_temp.run('2031-01-31 09:00+09'::timestamptz + n * interval '1 day') from generate_series(1, 120) as n;
select results_eq(
  $$
    select date_trunc('month', j.due_date at time zone 'Asia/Seoul')::date, count(*), sum(j.amount)
    from coffee.billing_jobs as j where j.status = 'succeeded' and j.due_date > '2031-02-01' group by 1 order by 1
  $$,
  'select f.month, f.quantity, f.amount from f where f.kind = ''charge'' order by f.month', 'the charges are those of the forecast'
);
select results_eq(
  $$
    select o.order_month, i.coffee_id, sum(i.quantity)
    from coffee.subscription_orders as o join coffee.order_items as i on i.order_id = o.id
    where o.order_month > '2031-01-01' group by 1, 2 order by 1, 2
  $$,
  'select f.month, f.coffee_id, f.quantity from f where f.kind = ''box'' order by 1, 2', 'and the boxes'
);

set local moadb.now = '2031-06-02 00:00+09';
select throws_ok('select * from coffee.simulate(null)', 'MF001', 'p_until is null', 'until when');
select throws_ok('select * from coffee.simulate(''2031-07-01'', null)', 'MF001', 'p_step is null', 'in what steps');
select throws_ok('select * from coffee.simulate(''2031-06-01'')', 'MF002', null, 'the past is known');
select throws_ok('select * from coffee.simulate(''2041-06-01'')', 'MF002', null, 'too far');
select throws_ok('select * from coffee.simulate(''2031-07-01'', ''1 minute'')', 'MF002', null, 'too many steps');
create role tap_forecaster login;
grant coffee_admin to tap_forecaster;
set local session authorization tap_forecaster;
select throws_ok(
  'select * from coffee.simulate(''2031-07-01'')', 'MF130', 'login role tap_forecaster may not move the clock', 'who may move the clock may look ahead'
);
reset session authorization;
grant moadb_clock to tap_forecaster;
set local session authorization tap_forecaster;
select lives_ok('select * from coffee.simulate(''2031-06-10'')', 'with that right, too');
reset session authorization;

select * from finish();
rollback;
