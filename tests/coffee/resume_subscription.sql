begin;
select plan(15);

select has_function('coffee', 'resume_subscription', array['uuid', 'uuid']);
select function_returns('coffee', 'resume_subscription', array['uuid', 'uuid'], 'timestamp with time zone');
select volatility_is('coffee', 'resume_subscription', array['uuid', 'uuid'], 'volatile');
select is_definer('coffee', 'resume_subscription', array['uuid', 'uuid']);
select ok(has_function_privilege('coffee_app', 'coffee.resume_subscription(uuid, uuid)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;
create function pg_temp.pay() returns void language sql as $$
  update coffee.billing_jobs set status = 'pending', next_attempt_at = platform.now() where status = 'waiting';
  update coffee.billing_jobs set status = 'processing', lease_token = gen_random_uuid(), attempts = attempts + 1 where status = 'pending';
  insert into coffee.charge_attempts (job_id, attempt, lease_token, result, started_at, finished_at)
  select j.id, j.attempts, j.lease_token, 'succeeded', platform.now(), platform.now() from coffee.billing_jobs as j where j.status = 'processing';
  update coffee.billing_jobs set status = 'succeeded', lease_token = null, next_attempt_at = null, completed_at = platform.now()
  where status = 'processing'
$$;

select coffee.process_monthly_billing();
select pg_temp.pay();
select coffee.pause_subscription(pg_temp.id(n), pg_temp.u(n)) from generate_series(1, 2) as n;
set local moadb.now = '2026-02-28 09:00+09';
select coffee.process_monthly_billing();
set local moadb.now = '2026-03-10 12:00+09';
select is(coffee.resume_subscription(pg_temp.id(1), pg_temp.u(1)), '2026-04-07 12:00+09'::timestamptz, 'what was left runs on first');
select is(coffee.resume_subscription(pg_temp.id(1), pg_temp.u(1)), '2026-04-07 12:00+09'::timestamptz, 'one that is not paused stays as it is');
select results_eq(
  $$select t.status::text, t.paused_at, t.paused_remainder, t.anchor_at, t.anchor_period from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  $$values ('active', null::timestamptz, null::interval, '2026-04-07 12:00+09'::timestamptz, 1)$$, 'its calendar begins anew'
);
select coffee.pause_subscription(pg_temp.id(3), pg_temp.u(3), 'period_end');
select is(coffee.resume_subscription(pg_temp.id(3), pg_temp.u(3)), (
  select t.next_billing_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(3)
), 'a pause that has not begun is taken back');
-- nothing is left of a period that had ended
set local moadb.now = '2026-04-07 12:00+09';
select coffee.pause_subscription(pg_temp.id(1), pg_temp.u(1));
set local moadb.now = '2026-06-30 12:00+09';
select is(coffee.resume_subscription(pg_temp.id(1), pg_temp.u(1)), '2026-06-30 12:00+09'::timestamptz, 'where nothing is left the next begins at once');
select coffee.process_monthly_billing();
select is(
  (select b.period from coffee.billing_periods as b where b.subscription_id = pg_temp.id(1) order by b.id desc limit 1),
  '[2026-06-30 12:00+09, 2026-07-30 12:00+09)'::tstzrange, 'and is billed'
);
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2));
select throws_ok('select coffee.resume_subscription(pg_temp.id(2), pg_temp.u(2))', 'MF024', null, 'one that has ended');
select throws_ok('select coffee.resume_subscription(null, pg_temp.u(2))', 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok('select coffee.resume_subscription(pg_temp.id(1), pg_temp.u(2))', 'MF020', null, 'somebody else''s');
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
