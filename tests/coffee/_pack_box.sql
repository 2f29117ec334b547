begin;
select plan(14);

select has_function('coffee', '_pack_box', array['coffee.coffee_subscriptions', 'coffee.plans', 'integer', 'integer', 'date', 'timestamp with time zone', 'jsonb']);
select volatility_is('coffee', '_pack_box', array['coffee.coffee_subscriptions', 'coffee.plans', 'integer', 'integer', 'date', 'timestamp with time zone', 'jsonb'], 'volatile');
select isnt_definer('coffee', '_pack_box', array['coffee.coffee_subscriptions', 'coffee.plans', 'integer', 'integer', 'date', 'timestamp with time zone', 'jsonb']);
select ok(not has_function_privilege('coffee_app', 'coffee._pack_box(coffee.coffee_subscriptions, coffee.plans, integer, integer, date, timestamptz, jsonb)', 'execute'), 'nobody may call it');

set local moadb.now = '2026-11-01 09:00+09';
insert into coffee.users (id, email, preferences)
select ('d0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com', '{"acidity": 9}' from generate_series(1, 6) as n;
insert into coffee.roasters (id, name) values ('d0000000-0000-0000-0000-0000000000a1', 'North'), ('d0000000-0000-0000-0000-0000000000a2', 'South');
insert into coffee.coffees (
  id, name, roaster_id, origin_country, processing_method, available_for_subscription, subscription_price_100g, flavor_profile
)
select
  ('d0000000-0000-0000-0000-0000000000c' || c.n)::uuid, 'coffee ' || c.n, ('d0000000-0000-0000-0000-0000000000a' || c.roaster)::uuid,
  c.country, 'Washed', true, 15000 + c.n, jsonb_build_object('acidity', 10 - c.n)
from (values (1, 1, 'Kenya'), (2, 1, 'Brazil'), (3, 2, 'Kenya'), (4, 2, 'Peru')) as c (n, roaster, country);
select coffee.receive_stock(c.id, '100g', 10, '2026-10-25') from coffee.coffees as c where c.id::text like 'd0000000%';
create temporary table p as
select
  coffee.create_plan('t-pick', 'Pick', 'monthly_pick', 30000) as pick,
  coffee.create_plan('t-choice', 'Choice', 'my_choice', 28001) as choice,
  coffee.create_plan('t-blind', 'Blind', 'blind_box', 25000) as blind;
-- what billing leaves for the assembly: a period, its bill, requests for boxes
create function pg_temp.bill(p_subscription_id uuid, p_index integer default 0, p_boxes integer default 1) returns bigint language sql as $$
  with period as (
    insert into coffee.billing_periods (subscription_id, period_index, period, amount, value)
    select
      s.id, $2, tstzrange(s.anchor_at + make_interval(months => $2 * $3), s.anchor_at + make_interval(months => ($2 + 1) * $3)),
      s.price_per_month * $3, s.price_per_month * $3
    from coffee.coffee_subscriptions as s
    where s.id = $1
    returning *
  ), bill as (
    insert into coffee.billing_jobs (subscription_id, period_id, amount, due_date) select subscription_id, id, amount, lower(period) from period
  )
  insert into coffee.monthly_order_jobs (subscription_id, period_id, box_no, target_month, run_at, created_at)
  select subscription_id, id, b, date_trunc('month', lower(period) at time zone 'UTC')::date + make_interval(months => b), lower(period) + make_interval(months => b),
    platform.now()
  from period cross join generate_series(0, $3 - 1) as b
  returning period_id
$$;
create function pg_temp.subscriber(p_user integer, p_plan bigint, p_items text default null) returns uuid language sql as $$
  select coffee.subscribe(('d0000000-0000-0000-0000-00000000000' || $1)::uuid, $2, '{"street": "1"}', p_items => $3::jsonb)
$$;
create function pg_temp.box(p_period_id bigint) returns text language sql as $$
  select string_agg(right(i.coffee_id::text, 2) || '×' || i.quantity || case when i.is_extra then '+' else '' end || case when i.is_substitute then '~' else '' end, ' ' order by i.is_extra, i.coffee_id)
  from coffee.subscription_orders as o join coffee.order_items as i on i.order_id = o.id where o.period_id = $1
$$;
create function pg_temp.pay() returns bigint language sql as $$
  select count(coffee.record_charge_result(c.job_id, c.lease_token, 'succeeded', 'payment ' || c.job_id)) from coffee.claim_billing_jobs(100) as c
$$;

create temporary table s as
select
  pg_temp.subscriber(1, p.pick) as pick,
  pg_temp.subscriber(2, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1"}, {"coffee_id": "d0000000-0000-0000-0000-0000000000c2"}]') as choice
from p;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select x.id, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c3', '100g', 2, 9000 from s cross join lateral (values (s.pick), (s.choice)) as x (id);
create function pg_temp.pack(p_id uuid, p_box_no integer default 0, p_without text default '') returns text language sql as $$
  select string_agg(
    case when b.is_missing then '-' else '' end || coalesce(right(b.coffee_id::text, 2), '?') || '×' || b.quantity || case when b.is_extra then '+' else '' end
    || case when b.is_substitute then '~' else '' end, ' ' order by b.is_missing, b.is_extra, b.coffee_id)
  from coffee.coffee_subscriptions as s
  join coffee.plans as p on p.id = s.plan_id
  cross join lateral coffee._pack_box(s, p, 0, $2, '2026-11-01', platform.now(), (
    select jsonb_object_agg(i.coffee_id || i.unit, true) from coffee.coffee_inventory as i where right(i.coffee_id::text, 2) <> all (string_to_array($3, ' '))
  )) as b
  where s.id = $1
$$;
select coffee.receive_stock('d0000000-0000-0000-0000-0000000000c3', '100g', 100, '2026-10-26');
select is(pg_temp.pack(s.pick), 'c1×1 c4×1 c3×2+', 'the best of two roasters, and the extra, which is not picked again') from s;
select is(pg_temp.pack(s.pick, 1), 'c1×1 c3×1', 'the extra lies in the first box') from s;
select is(pg_temp.pack(s.choice), 'c1×1 c2×1 c3×2+', 'what was chosen') from s;
select is((select sum(i.reserved_stock) from coffee.coffee_inventory as i), 10::bigint, 'all of it is promised');
select is(pg_temp.pack(s.choice, 0, 'c1'), 'c2×1 c4×1~ c3×2+', 'a substitute, that is not in the box already') from s;
select is(pg_temp.pack(s.choice, 0, 'c3'), 'c1×1 c2×1 -c3×2+', 'an extra is not substituted') from s;
select is(pg_temp.pack(s.choice, 0, 'c1 c4'), 'c2×1 c3×2+ -c1×1', 'nothing to substitute it with') from s;
select is(pg_temp.pack(s.pick, 0, 'c1 c2 c4'), 'c3×2+ -?×2', 'too little to pick from') from s;
select is(pg_temp.pack(s.pick, 0, 'c1 c2 c3 c4'), '-?×2 -c3×2+', 'nothing') from s;
update coffee.plans set oos_policy = 'partial' where code = 't-choice';
select is(pg_temp.pack(s.choice, 0, 'c1'), 'c2×1 c3×2+ -c1×1', 'no substitutes where the plan has none') from s;

select * from finish();
rollback;
