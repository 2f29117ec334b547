begin;
select plan(8);

select has_function('coffee', 'list_boxes', array['uuid', 'timestamp with time zone', 'uuid', 'integer']);
select volatility_is('coffee', 'list_boxes', array['uuid', 'timestamp with time zone', 'uuid', 'integer'], 'stable');
select is_definer('coffee', 'list_boxes', array['uuid', 'timestamp with time zone', 'uuid', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.list_boxes(uuid, timestamptz, uuid, integer)', 'execute'), 'applications may call it');

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

create temporary table s as select pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1"}]') as id from p;
select pg_temp.bill(s.id, 0, 3) from s;
select coffee.assemble_boxes();
select pg_temp.pay();
set local moadb.now = '2027-01-01 09:00+09';
select coffee.assemble_boxes();
select results_eq(
  $$select b.order_month, jsonb_array_length(b.items) from coffee.list_boxes('d0000000-0000-0000-0000-000000000001') as b$$,
  $$select o.order_month, 1 from coffee.subscription_orders as o order by o.created_at desc, o.id desc$$, 'newest first'
);
select is(
  (
    select array_agg(n.order_id)
    from (select b.* from coffee.list_boxes('d0000000-0000-0000-0000-000000000001', p_limit => 1) as b) as one
    cross join lateral coffee.list_boxes('d0000000-0000-0000-0000-000000000001', one.created_at, one.order_id) as n
  ),
  (select (array_agg(o.id order by o.created_at desc, o.id desc))[2:] from coffee.subscription_orders as o), 'the next page'
);
select is_empty('select coffee.list_boxes(''d0000000-0000-0000-0000-000000000002'')', 'somebody else has none');
select throws_ok('select coffee.list_boxes(''d0000000-0000-0000-0000-000000000001'', p_limit => 0)', 'MF002', null, 'an empty page');

select * from finish();
rollback;
