begin;
select plan(12);

select has_function('coffee', '_editable_period', array['coffee.coffee_subscriptions', 'timestamp with time zone']);
select function_returns('coffee', '_editable_period', array['coffee.coffee_subscriptions', 'timestamp with time zone'], 'integer');
select volatility_is('coffee', '_editable_period', array['coffee.coffee_subscriptions', 'timestamp with time zone'], 'stable');
select isnt_definer('coffee', '_editable_period', array['coffee.coffee_subscriptions', 'timestamp with time zone']);

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

create function pg_temp.editable(p_n integer, p_at timestamptz) returns integer language sql as $$
  select coffee._editable_period(t, p_at) from coffee.coffee_subscriptions as t where t.id = pg_temp.id(p_n)
$$;
insert into s select 4, coffee.subscribe(pg_temp.u(1), p.id, '{"a": 1}', p_anchor_at => '2026-06-01 00:00+09'), pg_temp.u(1) from coffee.plans as p where p.code = 't1';
select is(pg_temp.editable(1, '2026-01-31 09:00+09'), 1, 'one that has begun is not');
select is(pg_temp.editable(4, '2026-01-31 09:00+09'), 0, 'one that has not, is');
select is(pg_temp.editable(4, '2026-05-28 23:59+09'), 0, 'until its cut-off');
select is(pg_temp.editable(4, '2026-05-29 00:00+09'), 1, 'not after');
select is(pg_temp.editable(1, '2026-02-25 08:59+09'), 1, 'counted from the clamped date');
select is(pg_temp.editable(1, '2026-02-25 09:00+09'), 2, 'in the zone of the subscription');
select is(pg_temp.editable(1, '2026-06-15 09:00+09'), 5, 'however late billing is');
select coffee.process_monthly_billing();
select pg_temp.pay();
select coffee.pause_subscription(pg_temp.id(1), pg_temp.u(1));
select is(pg_temp.editable(1, '2026-06-15 09:00+09'), 1, 'while it is paused: the next');

select * from finish();
rollback;
