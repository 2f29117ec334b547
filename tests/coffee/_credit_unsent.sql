begin;
select plan(7);

select has_function('coffee', '_credit_unsent', array['coffee.coffee_subscriptions', 'bigint']);
select function_returns('coffee', '_credit_unsent', array['coffee.coffee_subscriptions', 'bigint'], 'void');
select volatility_is('coffee', '_credit_unsent', array['coffee.coffee_subscriptions', 'bigint'], 'volatile');
select isnt_definer('coffee', '_credit_unsent', array['coffee.coffee_subscriptions', 'bigint']);
select ok(not has_function_privilege('coffee_app', 'coffee._credit_unsent(coffee.coffee_subscriptions, bigint)', 'execute'), 'applications may not call it');

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
create temporary table b as select pg_temp.bill(s.id, 0, 4) as id from s;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.id, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 2, 1500 from s;
update coffee.monthly_order_jobs set status = 'skipped', value = 30000 where box_no in (0, 1);
update coffee.monthly_order_jobs set run_at = platform.now() where box_no = 2;
select coffee.assemble_boxes();
select coffee.cancel_order(o.id, 'broken') from coffee.subscription_orders as o;
select coffee._credit_unsent(t, b.id) from coffee.coffee_subscriptions as t, b;
select results_eq(
  'select c.amount, c.reason, c.period_id from coffee.subscription_credits as c order by c.id',
  $$select c.amount, c.reason, b.id from b, (values (33000.00, 'box_skipped'), (30000.00, 'box_skipped'), (30000.00, 'order_cancelled')) as c (amount, reason)$$,
  'what was skipped and what was cancelled, not what still comes'
);
select is((select t.credit_balance from coffee.coffee_subscriptions as t), 93000.00, 'and the balance');

select * from finish();
rollback;
