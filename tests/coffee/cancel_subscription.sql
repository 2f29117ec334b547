begin;
select plan(27);

select has_function('coffee', 'cancel_subscription', array['uuid', 'uuid', 'text', 'text']);
select function_returns('coffee', 'cancel_subscription', array['uuid', 'uuid', 'text', 'text'], 'timestamp with time zone');
select volatility_is('coffee', 'cancel_subscription', array['uuid', 'uuid', 'text', 'text'], 'volatile');
select is_definer('coffee', 'cancel_subscription', array['uuid', 'uuid', 'text', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.cancel_subscription(uuid, uuid, text, text)', 'execute'), 'applications may call it');

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

insert into s select 4, coffee.subscribe(pg_temp.u(1), p.id, '{"a": 1}', p_anchor_at => '2026-03-01 00:00+09'), pg_temp.u(1) from coffee.plans as p where p.code = 't1';
select coffee.process_monthly_billing();
-- at once, while the charge is at work
select is(coffee.cancel_subscription(pg_temp.id(3), pg_temp.u(3), 'now', 'moving'), '2026-01-31 09:00+09'::timestamptz, 'at once');
select results_eq(
  $$select j.status, b.kind, upper(b.period) - lower(b.period) from coffee.billing_jobs as j join coffee.billing_periods as b on b.id = j.period_id
    where j.subscription_id = pg_temp.id(3)$$,
  $$values ('cancelled', 'unpaid', '1 microsecond'::interval)$$, 'its charge is dropped'
);
select results_eq(
  $$select t.status::text, t.cancellation_reason from coffee.coffee_subscriptions as t where t.id = pg_temp.id(3)$$,
  $$values ('cancelled', 'moving')$$, 'it has ended'
);
select is(coffee.cancel_subscription(pg_temp.id(3), pg_temp.u(3)), '2026-01-31 09:00+09'::timestamptz, 'and stays so');
select is(coffee.entitled(pg_temp.u(3)), false, 'no access');
-- at the end of the period
select pg_temp.pay();
set local moadb.now = '2026-02-10 00:00+09';
select coffee.skip_period(pg_temp.id(2), pg_temp.u(2));
select coffee.pause_subscription(pg_temp.id(2), pg_temp.u(2), 'period_end');
select is(coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'period_end', 'too much'), '2026-02-28 09:00+09'::timestamptz, 'at the end of the period');
select is(coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'period_end', 'again'), '2026-02-28 09:00+09'::timestamptz, 'again');
select results_eq(
  $$select t.status::text, t.cancel_at, t.pause_at, t.cancellation_reason from coffee.coffee_subscriptions as t where t.id = pg_temp.id(2)$$,
  $$values ('pending_cancel', '2026-02-28 09:00+09'::timestamptz, null::timestamptz, 'too much')$$, 'until then it is to end'
);
select is((select u.subscription_expires_at from coffee.users as u where u.id = pg_temp.u(2)), '2026-02-28 09:00+09'::timestamptz, 'which is in the user''s copy');
select is(coffee.entitled(pg_temp.u(2)), true, 'with access');
set local moadb.now = '2026-03-05 00:00+09';
select coffee.process_monthly_billing();
select results_eq(
  $$select t.status::text, t.cancelled_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(2)$$,
  $$values ('cancelled', '2026-02-28 09:00+09'::timestamptz)$$, 'the clock ends it there'
);
select is(coffee.entitled(pg_temp.u(2)), false, 'and access');
select is(coffee.entitled(pg_temp.u(2), '2026-02-28 08:59+09'), true, 'until then there was');
select is((select u.subscription_tier::text from coffee.users as u where u.id = pg_temp.u(2)), 'free', 'the user''s copy follows');
-- where no period runs
select coffee.pause_subscription(pg_temp.id(1), pg_temp.u(1), 'period_end');
set local moadb.now = '2026-04-05 00:00+09';
select coffee.process_monthly_billing();
select is(coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(1), 'period_end'), '2026-04-05 00:00+09'::timestamptz, 'one that is paused ends at once');
select is(coffee.cancel_subscription(pg_temp.id(4), pg_temp.u(4), 'now'), '2026-04-05 00:00+09'::timestamptz, 'another');
select is_empty(
  $$select from coffee.billing_jobs as j join s on s.id = j.subscription_id where j.status not in ('succeeded', 'cancelled')$$, 'nothing is left to be charged'
);
select results_eq(
  $$select e.event from coffee.subscription_events as e where e.subscription_id = pg_temp.id(2) order by e.id$$,
  $$values ('subscribed'), ('skipped'), ('pause_requested'), ('cancel_requested'), ('cancelled')$$, 'recorded'
);
select throws_ok('select coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(1), ''later'')', 'MF002', null, 'neither now nor then');
select throws_ok('select coffee.cancel_subscription(null, pg_temp.u(3))', 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok('select coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(3))', 'MF020', null, 'somebody else''s');
select is_empty($$select c.invariant, c.sample from platform.check_invariants('coffee') as c where c.violations > 0$$, 'nothing is violated');

select * from finish();
rollback;
