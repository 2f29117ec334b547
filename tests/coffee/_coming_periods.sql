begin;
select plan(7);

select has_function('coffee', '_coming_periods', array['coffee.coffee_subscriptions', 'integer']);
select function_returns('coffee', '_coming_periods', array['coffee.coffee_subscriptions', 'integer'], 'setof record');
select volatility_is('coffee', '_coming_periods', array['coffee.coffee_subscriptions', 'integer'], 'stable');
select isnt_definer('coffee', '_coming_periods', array['coffee.coffee_subscriptions', 'integer']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
insert into coffee.roasters (id, name) values ('c0000000-0000-0000-0000-000000000010', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription)
select ('c0000000-0000-0000-0000-00000000001' || n)::uuid, 'c' || n, 'c0000000-0000-0000-0000-000000000010', 'Kenya', n < 5
from generate_series(1, 5) as n;
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price)
select c.id, c.roaster_id, '100g', 15000 from coffee.coffees as c where c.roaster_id = 'c0000000-0000-0000-0000-000000000010';
create function pg_temp.c(p_n integer) returns uuid language sql as $$select ('c0000000-0000-0000-0000-00000000001' || p_n)::uuid$$;
create function pg_temp.items(variadic p_n integer[]) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('coffee_id', pg_temp.c(n))) from unnest(p_n) as n
$$;
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

create function pg_temp.coming(p_n integer, p_count integer) returns setof text language sql as $$
  select concat_ws(' ', c.period_index, (c.starts_at at time zone 'Asia/Seoul')::date, (c.ends_at at time zone 'Asia/Seoul')::date, c.kind, c.amount)
  from coffee.coffee_subscriptions as t cross join lateral coffee._coming_periods(t, p_count) as c where t.id = pg_temp.id(p_n) order by c.period_index
$$;
select results_eq(
  'select pg_temp.coming(1, 3)',
  $$values ('0 2026-01-31 2026-02-28 coming 30000.00'), ('1 2026-02-28 2026-03-31 coming 30000.00'), ('2 2026-03-31 2026-04-30 coming 30000.00')$$, 'as the anchor says'
);
update coffee.coffee_subscriptions as t set credit_balance = 40000 where t.id = pg_temp.id(2);
select coffee.skip_period(pg_temp.id(2), pg_temp.u(2), 1);
select results_eq(
  'select pg_temp.coming(2, 3)',
  $$values ('0 2026-01-31 2026-02-28 coming 0.00'), ('1 2026-02-28 2026-03-31 skip 0'), ('2 2026-03-31 2026-04-30 coming 20000.00')$$, 'credit goes first'
);
select coffee.change_plan(pg_temp.id(3), pg_temp.u(3), coffee.create_plan('q', 'Q', 'blind_box', 20000, p_interval_months => 2));
select results_eq(
  'select pg_temp.coming(3, 3)',
  $$values ('0 2026-01-31 2026-02-28 coming 30000.00'), ('1 2026-02-28 2026-04-30 coming 40000.00'), ('2 2026-04-30 2026-06-30 coming 40000.00')$$,
  'a change of plan that was said'
);

select * from finish();
rollback;
