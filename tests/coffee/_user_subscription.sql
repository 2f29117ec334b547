begin;
select plan(10);

select has_function('coffee', '_user_subscription', array['uuid']);
select function_returns('coffee', '_user_subscription', array['uuid'], 'record');
select volatility_is('coffee', '_user_subscription', array['uuid'], 'stable');
select isnt_definer('coffee', '_user_subscription', array['uuid']);

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

create function pg_temp.copy(p_n integer) returns text language sql as $$
  select format('%s %s %s %s', c.tier, c.type, c.expires_at at time zone 'Asia/Seoul', c.lab_pro) from coffee._user_subscription(pg_temp.u(p_n)) as c
$$;
select is(pg_temp.copy(1), 'subscriber monthly_pick  t', 'one that renews');
select coffee.process_monthly_billing();
select pg_temp.pay();
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2));
select is(pg_temp.copy(2), 'subscriber monthly_pick 2026-02-28 09:00:00 t', 'one that is to end');
select coffee.subscribe(pg_temp.u(2), coffee.create_plan('q', 'Q', 'blind_box', 20000, p_includes_lab_pro => false), '{"a": 1}');
select is(pg_temp.copy(2), 'subscriber blind_box  t', 'and another, newer one that renews');
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'now');
select is(pg_temp.copy(2), 'subscriber blind_box  f', 'which is left');
select coffee.pause_subscription(pg_temp.id(3), pg_temp.u(3));
select is(pg_temp.copy(3), 'free   f', 'one that is paused');
select is((select format('%s %s %s', c.tier, c.type, c.lab_pro) from coffee._user_subscription('00000000-0000-0000-0000-000000000000') as c), 'free  f', 'none');

select * from finish();
rollback;
