begin;
select plan(9);

select has_function('coffee', '_change_plan_now', array['coffee.coffee_subscriptions', 'coffee.plans']);
select function_returns('coffee', '_change_plan_now', array['coffee.coffee_subscriptions', 'coffee.plans'], 'numeric');
select volatility_is('coffee', '_change_plan_now', array['coffee.coffee_subscriptions', 'coffee.plans'], 'volatile');
select isnt_definer('coffee', '_change_plan_now', array['coffee.coffee_subscriptions', 'coffee.plans']);

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
  where status = 'processing';
  update coffee.monthly_order_jobs as j set status = 'skipped', value = s.price_per_month
  from coffee.coffee_subscriptions as s
  where s.id = j.subscription_id and s.id <> pg_temp.id(1) and j.status = 'pending' and j.run_at <= platform.now()
$$;

create temporary table p as select coffee.create_plan('q', 'Q', 'blind_box', 60000) as id;
create function pg_temp.change(p_n integer) returns numeric language sql as $$
  select coffee._change_plan_now(t, l) from coffee.coffee_subscriptions as t cross join coffee.plans as l join p on p.id = l.id where t.id = pg_temp.id(p_n)
$$;
select is(pg_temp.change(1), 0::numeric, 'before anything is billed: no charge');
select coffee.process_monthly_billing();
select pg_temp.pay();
set local moadb.now = '2026-02-14 23:59+09';
select is(pg_temp.change(2), 15000.00, 'half of it: half of the difference');
select is(pg_temp.change(1), 0.00, 'the same plan: nothing');
select is_empty($$select from coffee.subscription_credits as c where c.subscription_id = pg_temp.id(2)$$, 'nothing is credited that is charged again');
select results_eq(
  $$select j.amount, j.status from coffee.billing_jobs as j where j.subscription_id = pg_temp.id(2) order by j.id$$,
  $$values (30000.00, 'succeeded'), (15000.00, 'pending')$$, 'charged at once'
);

select * from finish();
rollback;
