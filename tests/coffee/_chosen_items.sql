begin;
select plan(11);

select has_function('coffee', '_chosen_items', array['uuid', 'integer', 'boolean']);
select volatility_is('coffee', '_chosen_items', array['uuid', 'integer', 'boolean'], 'stable');
select isnt_definer('coffee', '_chosen_items', array['uuid', 'integer', 'boolean']);
select ok(not has_function_privilege('coffee_app', 'coffee._chosen_items(uuid, integer, boolean)', 'execute'), 'nobody may call it');

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
select pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c1"}, {"coffee_id": "d0000000-0000-0000-0000-0000000000c2"}]') as id
from p;
create function pg_temp.chosen(p_period integer, p_with_extras boolean default true) returns text language sql as $$
  select string_agg(right(c.coffee_id::text, 2) || '×' || c.quantity || ' ' || c.unit_price::integer || case when c.is_extra then '+' else '' end, ', ')
  from s cross join lateral coffee._chosen_items(s.id, $1, $2) as c
$$;
insert into coffee.subscription_items (subscription_id, valid_from, coffee_id, unit, quantity)
select s.id, 3, 'd0000000-0000-0000-0000-0000000000c4', '100g', 2 from s;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price, replaces_coffee_id)
select s.id, c.period_index, c.kind, ('d0000000-0000-0000-0000-0000000000' || c.coffee)::uuid, c.unit, c.quantity, c.unit_price,
  ('d0000000-0000-0000-0000-0000000000' || c.replaces)::uuid
from s cross join (values
  (1, 'skip_item', 'c1', null, null, null, null),
  (1, 'extra', 'c4', '100g', 3, 9000, null),
  (2, 'swap', 'c3', '100g', null, null, 'c2'),
  (4, 'swap', 'c2', '100g', null, null, 'c4'),
  (4, 'extra', 'c2', '100g', 1, 12000, null)
) as c (period_index, kind, coffee, unit, quantity, unit_price, replaces);
select is(pg_temp.chosen(0), 'c1×1 15001, c2×1 15002', 'the list');
select is(pg_temp.chosen(1), 'c2×1 15002, c4×3 9000+', 'one left out, one added');
select is(pg_temp.chosen(1, false), 'c2×1 15002', 'extras lie in the first box alone');
select is(pg_temp.chosen(2), 'c1×1 15001, c3×1 15003', 'one for another');
select is(pg_temp.chosen(3), 'c4×2 15004', 'a new list from here on');
select is(pg_temp.chosen(4), 'c2×2 15002, c2×1 12000+', 'as many of the other');
select is(pg_temp.chosen(5), 'c4×2 15004', 'what was said about one period is said about that one alone (T9)');

select * from finish();
rollback;
