begin;
select plan(8);

select has_function('coffee', '_pause', array['uuid', 'timestamp with time zone', 'timestamp with time zone']);
select function_returns('coffee', '_pause', array['uuid', 'timestamp with time zone', 'timestamp with time zone'], 'void');
select volatility_is('coffee', '_pause', array['uuid', 'timestamp with time zone', 'timestamp with time zone'], 'volatile');
select isnt_definer('coffee', '_pause', array['uuid', 'timestamp with time zone', 'timestamp with time zone']);

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
select coffee._pause(pg_temp.id(1), '2026-02-10 09:00+09', '2026-03-01 00:00+09');
select results_eq(
  $$select t.status::text, t.paused_at, t.paused_remainder, t.resume_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  $$values ('paused', '2026-02-10 09:00+09'::timestamptz, '432:00'::interval, '2026-03-01 00:00+09'::timestamptz)$$, 'what is left is kept'
);
select is(
  (select b.period from coffee.billing_periods as b where b.subscription_id = pg_temp.id(1)), '[2026-01-31 09:00+09, 2026-02-10 09:00+09)'::tstzrange, 'what runs is cut'
);
select coffee._pause(pg_temp.id(2), '2026-02-28 09:00+09');
select results_eq(
  $$select t.paused_remainder, t.resume_at, upper(b.period) from coffee.coffee_subscriptions as t join coffee.billing_periods as b on b.subscription_id = t.id
    where t.id = pg_temp.id(2)$$,
  $$values (null::interval, null::timestamptz, '2026-02-28 09:00+09'::timestamptz)$$, 'at the end nothing is left'
);
select coffee._pause(pg_temp.id(3), '2026-01-31 09:00+09');
select results_eq(
  $$select t.paused_remainder, upper(b.period) - lower(b.period) from coffee.coffee_subscriptions as t join coffee.billing_periods as b on b.subscription_id = t.id
    where t.id = pg_temp.id(3)$$,
  $$values ('672:00'::interval, '1 microsecond'::interval)$$, 'at the beginning all of it'
);

select * from finish();
rollback;
