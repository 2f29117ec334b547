begin;
select plan(6);

select has_function('coffee', '_end_subscription', array['uuid', 'timestamp with time zone', 'text']);
select function_returns('coffee', '_end_subscription', array['uuid', 'timestamp with time zone', 'text'], 'void');
select volatility_is('coffee', '_end_subscription', array['uuid', 'timestamp with time zone', 'text'], 'volatile');
select isnt_definer('coffee', '_end_subscription', array['uuid', 'timestamp with time zone', 'text']);

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
select coffee._end_subscription(pg_temp.id(1), '2026-02-10 09:00+09', 'why');
select results_eq(
  $$select t.status::text, t.cancelled_at, t.cancellation_reason, j.status, b.kind, upper(b.period)
    from coffee.coffee_subscriptions as t join coffee.billing_periods as b on b.subscription_id = t.id join coffee.billing_jobs as j on j.period_id = b.id
    where t.id = pg_temp.id(1)$$,
  $$values ('cancelled', '2026-02-10 09:00+09'::timestamptz, 'why', 'cancelled', 'unpaid', '2026-02-10 09:00+09'::timestamptz)$$, 'with its open bill'
);
select pg_temp.pay();
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'period_end', 'because');
select coffee._end_subscription(pg_temp.id(2), '2026-02-28 09:00+09');
select results_eq(
  $$select t.cancellation_reason, j.status, b.kind, upper(b.period), o.status
    from coffee.coffee_subscriptions as t join coffee.billing_periods as b on b.subscription_id = t.id join coffee.billing_jobs as j on j.period_id = b.id
    join coffee.monthly_order_jobs as o on o.period_id = b.id
    where t.id = pg_temp.id(2)$$,
  $$values ('because', 'succeeded', 'billed', '2026-02-28 09:00+09'::timestamptz, 'pending')$$, 'what was paid stays, and its box is sent'
);

select * from finish();
rollback;
