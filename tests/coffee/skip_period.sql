begin;
select plan(19);

select has_function('coffee', 'skip_period', array['uuid', 'uuid', 'integer']);
select function_returns('coffee', 'skip_period', array['uuid', 'uuid', 'integer'], 'integer');
select volatility_is('coffee', 'skip_period', array['uuid', 'uuid', 'integer'], 'volatile');
select is_definer('coffee', 'skip_period', array['uuid', 'uuid', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.skip_period(uuid, uuid, integer)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select coffee.process_monthly_billing();
set local moadb.now = '2026-02-25 08:59:59+09';
select is(coffee.skip_period(pg_temp.id(1), pg_temp.u(1)), 1, 'the next');
select is(coffee.skip_period(pg_temp.id(1), pg_temp.u(1)), 1, 'stays skipped');
select is(coffee.skip_period(pg_temp.id(1), pg_temp.u(1), 3), 3, 'a later one');
select is(
  (select count(*) from coffee.subscription_events as e where e.subscription_id = pg_temp.id(1) and e.event = 'skipped'), 2::bigint, 'recorded once each'
);
select throws_ok('select coffee.skip_period(pg_temp.id(1), pg_temp.u(1), 0)', 'MF025', 'period 0 has been billed', 'one that was billed');
select throws_ok('select coffee.skip_period(pg_temp.id(1), pg_temp.u(1), 62)', 'MF002', null, 'one that is far away');
set local moadb.now = '2026-02-25 09:00+09';
select throws_ok('select coffee.skip_period(pg_temp.id(2), pg_temp.u(2), 1)', 'MF026', 'period 1 can no longer be changed', 'three days before it begins');
select is(coffee.skip_period(pg_temp.id(2), pg_temp.u(2)), 2, 'then it is the one after');
set local moadb.now = '2026-06-01 00:00+09';
select coffee.process_monthly_billing();
select results_eq(
  $$select b.period_index, b.kind, lower(b.period), b.amount from coffee.billing_periods as b where b.subscription_id = pg_temp.id(1) order by 1$$,
  $$values
    (0, 'billed', '2026-01-31 09:00+09'::timestamptz, 30000.00), (1, 'skipped', '2026-02-28 09:00+09', 0.00),
    (2, 'billed', '2026-03-31 09:00+09', 30000.00), (3, 'skipped', '2026-04-30 09:00+09', 0.00), (4, 'billed', '2026-05-31 09:00+09', 30000.00)$$,
  'no charge, and the others are where they were'
);
select is_empty(
  $$select from coffee.monthly_order_jobs as j join coffee.billing_periods as b on b.id = j.period_id where b.kind = 'skipped'$$, 'no box'
);
select coffee.cancel_subscription(pg_temp.id(3), pg_temp.u(3), 'period_end');
select throws_ok('select coffee.skip_period(pg_temp.id(3), pg_temp.u(3))', 'MF024', null, 'of one that is to end');
select throws_ok('select coffee.skip_period(null, pg_temp.u(3))', 'MF001', 'p_subscription_id is null', 'of nothing');
select throws_ok('select coffee.skip_period(pg_temp.id(1), pg_temp.u(3))', 'MF020', null, 'somebody else''s');
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
