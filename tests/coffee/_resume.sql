begin;
select plan(9);

select has_function('coffee', '_resume', array['uuid', 'timestamp with time zone']);
select function_returns('coffee', '_resume', array['uuid', 'timestamp with time zone'], 'void');
select volatility_is('coffee', '_resume', array['uuid', 'timestamp with time zone'], 'volatile');
select isnt_definer('coffee', '_resume', array['uuid', 'timestamp with time zone']);

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
select coffee._pause(pg_temp.id(1), '2026-02-10 09:00+09');
select coffee._resume(pg_temp.id(1), '2026-04-10 09:00+09');
select results_eq(
  $$select b.part::integer, b.kind, b.period, b.amount, b.value from coffee.billing_periods as b where b.subscription_id = pg_temp.id(1) order by 1$$,
  $$values
    (1, 'billed', '[2026-01-31 09:00+09, 2026-02-10 09:00+09)'::tstzrange, 30000.00, 10714.00),
    (2, 'carried', '[2026-04-10 09:00+09, 2026-04-28 09:00+09)', 0.00, 19286.00)$$,
  'what was left, without a charge, at what it is worth'
);
select results_eq(
  $$select t.status::text, t.anchor_at, t.anchor_period, t.next_billing_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  $$values ('active', '2026-04-28 09:00+09'::timestamptz, 1, '2026-04-28 09:00+09'::timestamptz)$$, 'the next begins where it ends'
);
update coffee.monthly_order_jobs as j set status = 'done' where j.subscription_id = pg_temp.id(2);
select coffee._pause(pg_temp.id(2), '2026-02-28 09:00+09');
select coffee._resume(pg_temp.id(2), '2026-05-01 00:00+09');
select results_eq(
  $$select t.anchor_at, t.next_period from coffee.coffee_subscriptions as t where t.id = pg_temp.id(2)$$,
  $$values ('2026-05-01 00:00+09'::timestamptz, 1)$$, 'where nothing was left it begins at once'
);
select results_eq(
  $$select j.target_month, j.run_at from coffee.monthly_order_jobs as j join s on s.id = j.subscription_id where s.n < 3 order by s.n$$,
  $$values ('2026-03-01'::date, '2026-03-31 09:00+09'::timestamptz), ('2026-01-01', '2026-01-31 09:00+09')$$, 'boxes that were not packed move along'
);
update coffee.monthly_order_jobs as j set status = 'delayed', run_at = '2026-02-03 09:00+09', attempts = 1 where j.subscription_id = pg_temp.id(3);
select coffee._pause(pg_temp.id(3), '2026-02-01 09:00+09');
select coffee._resume(pg_temp.id(3), '2026-03-01 09:00+09');
select results_eq(
  $$select j.target_month, j.run_at from coffee.monthly_order_jobs as j where j.subscription_id = pg_temp.id(3)$$,
  $$values ('2026-02-01'::date, '2026-03-03 09:00+09'::timestamptz)$$, 'one that waits in another month than its own, too'
);

select * from finish();
rollback;
