begin;
select plan(6);

select has_function('coffee', '_set_plan', array['uuid', 'bigint', 'numeric']);
select function_returns('coffee', '_set_plan', array['uuid', 'bigint', 'numeric'], 'void');
select volatility_is('coffee', '_set_plan', array['uuid', 'bigint', 'numeric'], 'volatile');
select isnt_definer('coffee', '_set_plan', array['uuid', 'bigint', 'numeric']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

create temporary table p as select coffee.create_plan('q', 'Q', 'blind_box', 1, p_interval_months => 3, p_includes_lab_pro => false) as id;
select coffee.process_monthly_billing();
select coffee._set_plan(pg_temp.id(1), p.id, 20000) from p;
select results_eq(
  $$select t.plan_id, t.type::text, t.price_per_month, t.interval_months, t.includes_lab_pro, t.next_billing_at, t.next_period
    from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  $$select p.id, 'blind_box', 20000.00, 3, false, '2026-02-28 09:00+09'::timestamptz, 1 from p$$, 'all of the plan, at the price, and the next period where it was'
);
select is(
  (select count(*) from coffee.subscription_events as e where e.subscription_id = pg_temp.id(1) and e.event = 'plan_changed'), 1::bigint, 'recorded'
);

select * from finish();
rollback;
