begin;
select plan(7);

select has_function('coffee', '_refuse_open_bill', array['uuid']);
select function_returns('coffee', '_refuse_open_bill', array['uuid'], 'void');
select volatility_is('coffee', '_refuse_open_bill', array['uuid'], 'stable');
select isnt_definer('coffee', '_refuse_open_bill', array['uuid']);

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

select lives_ok('select coffee._refuse_open_bill(pg_temp.id(1))', 'none');
select coffee.process_monthly_billing();
select throws_ok('select coffee._refuse_open_bill(pg_temp.id(1))', 'MF027', null, 'one that waits');
select pg_temp.pay();
select lives_ok('select coffee._refuse_open_bill(pg_temp.id(1))', 'one that is paid');

select * from finish();
rollback;
