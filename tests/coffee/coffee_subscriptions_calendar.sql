begin;
select plan(10);

select has_function('coffee', '_coffee_subscriptions_calendar', array[]::text[]);
select function_returns('coffee', '_coffee_subscriptions_calendar', array[]::text[], 'trigger');
select volatility_is('coffee', '_coffee_subscriptions_calendar', array[]::text[], 'volatile');
select isnt_definer('coffee', '_coffee_subscriptions_calendar', array[]::text[]);

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
select throws_ok(
  $$update coffee.coffee_subscriptions set status = 'paused', paused_at = '2026-02-10' where id = pg_temp.id(1)$$, 'MF040', null, 'a pause while a period runs'
);
select throws_ok(
  $$update coffee.coffee_subscriptions set anchor_at = '2026-02-10', anchor_period = 1 where id = pg_temp.id(1)$$, 'MF040', null, 'a date within what was billed'
);
select throws_ok('update coffee.coffee_subscriptions set anchor_period = 1 where id = pg_temp.id(1)', 'MF040', null, 'an anchor that was used');
select throws_ok(
  $$update coffee.coffee_subscriptions set time_zone = 'Pacific/Auckland', anchor_at = anchor_at - interval '5 days' where id = pg_temp.id(1)$$, 'MF040', null,
  'a zone in which it is earlier'
);
select lives_ok(
  $$update coffee.coffee_subscriptions set anchor_at = '2026-03-10', anchor_period = 1 where id = pg_temp.id(1)$$, 'a later date'
);
select coffee.pause_subscription(pg_temp.id(2), pg_temp.u(2));
set local moadb.now = '2026-02-10 00:00+09';
select coffee.resume_subscription(pg_temp.id(2), pg_temp.u(2));
select lives_ok('select coffee.pause_subscription(pg_temp.id(2), pg_temp.u(2))', 'a pause by its function');

select * from finish();
rollback;
