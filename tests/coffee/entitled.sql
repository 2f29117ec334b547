begin;
select plan(21);

select has_function('coffee', 'entitled', array['uuid', 'timestamp with time zone']);
select function_returns('coffee', 'entitled', array['uuid', 'timestamp with time zone'], 'boolean');
select volatility_is('coffee', 'entitled', array['uuid', 'timestamp with time zone'], 'stable');
select is_definer('coffee', 'entitled', array['uuid', 'timestamp with time zone']);
select ok(has_function_privilege('coffee_app', 'coffee.entitled(uuid, timestamptz)', 'execute'), 'applications may call it');

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

create function pg_temp.fail(p_n integer) returns void language sql as $$
  update coffee.billing_jobs set status = 'pending', next_attempt_at = platform.now() where status = 'waiting' and subscription_id = pg_temp.id(p_n);
  select coffee.record_charge_result(c.job_id, c.lease_token, 'failed', null, 'insufficient_funds') from coffee.claim_billing_jobs(1) as c
$$;
select is(coffee.entitled(pg_temp.u(1)), false, 'not before it is billed');
select coffee.process_monthly_billing();
select is(coffee.entitled(pg_temp.u(1)), true, 'while the charge is under way');
select is(coffee.entitled(pg_temp.u(1), '2026-02-28 08:59:59+09'), true, 'to the end of what was billed');
select is(coffee.entitled(pg_temp.u(1), '2026-02-28 09:00+09'), false, 'and no longer');
select is(coffee.entitled(pg_temp.u(1), '2026-01-31 08:59:59+09'), false, 'nor before');
select pg_temp.fail(2);
select is((select t.status::text from coffee.coffee_subscriptions as t where t.id = pg_temp.id(2)), 'past_due', 'a charge fails');
select is(coffee.entitled(pg_temp.u(2)), true, 'in the grace');
select is(coffee.entitled(pg_temp.u(2), t.grace_until - interval '1 second'), true, 'to its end') from coffee.coffee_subscriptions as t where t.id = pg_temp.id(2);
select is(coffee.entitled(pg_temp.u(2), t.grace_until), false, 'not after') from coffee.coffee_subscriptions as t where t.id = pg_temp.id(2);
update coffee.coffee_subscriptions as t set grace_until = '2026-03-10 09:00+09' where t.id = pg_temp.id(2);
select is(coffee.entitled(pg_temp.u(2), '2026-03-09 09:00+09'), true, 'a grace that is longer than the period');
select pg_temp.pay();
set local moadb.now = '2026-02-10 00:00+09';
select coffee.skip_period(pg_temp.id(1), pg_temp.u(1), 1);
select coffee.pause_subscription(pg_temp.id(3), pg_temp.u(3));
set local moadb.now = '2026-03-10 00:00+09';
select coffee.resume_subscription(pg_temp.id(3), pg_temp.u(3));
select coffee.process_monthly_billing();
select is(coffee.entitled(pg_temp.u(1)), false, 'not in a period that is skipped');
select is(coffee.entitled(pg_temp.u(1), '2026-02-27 00:00+09'), true, 'in the one before');
select is(coffee.entitled(pg_temp.u(3)), true, 'in what was carried over a pause');
select is(coffee.entitled(pg_temp.u(3), '2026-03-09 00:00+09'), false, 'not in the pause');
select is(coffee.entitled('00000000-0000-0000-0000-000000000000'), false, 'nobody');
select is(coffee.entitled(null), false, 'null');

select * from finish();
rollback;
