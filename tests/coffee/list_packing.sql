begin;
select plan(11);

select has_function('coffee', 'list_packing', array['timestamp with time zone', 'uuid', 'integer']);
select volatility_is('coffee', 'list_packing', array['timestamp with time zone', 'uuid', 'integer'], 'stable');
select is_definer('coffee', 'list_packing', array['timestamp with time zone', 'uuid', 'integer']);
select ok(has_function_privilege('coffee_admin', 'coffee.list_packing(timestamptz, uuid, integer)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.list_packing(timestamptz, uuid, integer)', 'execute'), 'applications may not call it');

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

select pg_temp.bill(pg_temp.subscriber(1, p.pick)), pg_temp.bill(pg_temp.subscriber(2, p.blind)), pg_temp.bill(pg_temp.subscriber(3, p.pick)) from p;
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select is_empty('select coffee.list_packing()', 'nothing is paid');
select coffee._pay_order(o.period_id) from o where u < 3;
select results_eq(
  $$select l.order_id, jsonb_array_length(l.bags) from coffee.list_packing() as l$$, 'select o.id, 2 from o where u < 3 order by o.id', 'what is paid'
);
select is(
  (select count(*) from coffee.list_packing() as l cross join lateral jsonb_array_elements(l.bags) as b join coffee.qr_codes as q on q.token = b ->> 'qr_code'
    join coffee.order_items as i on i.id = q.order_item_id and i.coffee_id = (b ->> 'coffee_id')::uuid and i.lot_id = (b ->> 'lot_id')::bigint),
  4::bigint, 'which bag to take, and the code to print on it'
);
select is(
  (select count(*) from (select l.* from coffee.list_packing(p_limit => 1) as l) as one cross join lateral coffee.list_packing(one.created_at, one.order_id)),
  1::bigint, 'the next page'
);
select coffee.ship_order(o.id, null) from o where u = 1;
select is((select count(*) from coffee.list_packing()), 1::bigint, 'what has left is off the list');
select throws_ok('select coffee.list_packing(p_limit => 0)', 'MF002', null, 'an empty page');

select * from finish();
rollback;
