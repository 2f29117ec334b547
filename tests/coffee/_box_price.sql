begin;
select plan(7);

select has_function('coffee', '_box_price', array['coffee.monthly_order_jobs']);
select function_returns('coffee', '_box_price', array['coffee.monthly_order_jobs'], 'numeric');
select volatility_is('coffee', '_box_price', array['coffee.monthly_order_jobs'], 'stable');
select isnt_definer('coffee', '_box_price', array['coffee.monthly_order_jobs']);
select ok(not has_function_privilege('coffee_app', 'coffee._box_price(coffee.monthly_order_jobs)', 'execute'), 'applications may not call it');

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

create temporary table s as select pg_temp.subscriber(1, p.pick) as id from p;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.id, x.n, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 2, 1500 + x.n from s, generate_series(0, 1) as x (n);
select pg_temp.bill(s.id, 0, 2) from s;
update coffee.monthly_order_jobs set value = 30000;
select results_eq(
  'select j.box_no, coffee._box_price(j) from coffee.monthly_order_jobs as j join coffee.coffee_subscriptions as t on t.id = j.subscription_id order by 1',
  'values (0, 33000.00), (1, 30000.00)', 'the extras of the period are in its first box'
);
delete from coffee.period_changes;
select results_eq(
  'select j.box_no, coffee._box_price(j) from coffee.monthly_order_jobs as j join coffee.coffee_subscriptions as t on t.id = j.subscription_id order by 1',
  'values (0, 30000.00), (1, 30000.00)', 'without extras'
);

select * from finish();
rollback;
