begin;
select plan(19);

select trigger_is('coffee', 'subscription_orders', 'subscription_orders_keep', 'coffee', '_keep_rows');
select trigger_is('coffee', 'subscription_orders', 'subscription_orders_keep_all', 'coffee', '_keep_rows');

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

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]')), pg_temp.bill(pg_temp.subscriber(2, p.pick)) from p;
select coffee.assemble_boxes();
create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select throws_ok('update coffee.subscription_orders set ' || c, 'MF003', 'update on coffee.subscription_orders is refused', c)
from unnest(array[
  'id = gen_random_uuid()', 'user_id = ''d0000000-0000-0000-0000-000000000003''', 'subscription_id = gen_random_uuid()', 'period_id = -1',
  'order_job_id = -1', 'order_month = order_month + interval ''1 month''', 'order_number = ''x''', 'coffee_items = ''[]''', 'total_price = 0',
  'currency = ''USD''', 'credit = 1', 'is_blind = not is_blind', 'qr_codes = null', 'created_at = ''-infinity'''
]) as c;
select throws_ok('delete from coffee.subscription_orders', 'MF003', 'delete on coffee.subscription_orders is refused', 'none is deleted');
select throws_ok('truncate coffee.subscription_orders cascade', 'MF003', null, 'nor all of them');
select lives_ok('update coffee.subscription_orders set shipping_address = ''{}'', tracking_number = ''x''', 'where it goes may be set right, or blanked');

select * from finish();
rollback;
