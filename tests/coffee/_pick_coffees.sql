begin;
select plan(24);

select has_function('coffee', '_pick_coffees', array['uuid', 'text', 'date', 'timestamp with time zone', 'integer', 'uuid[]', 'uuid', 'integer']);
select volatility_is('coffee', '_pick_coffees', array['uuid', 'text', 'date', 'timestamp with time zone', 'integer', 'uuid[]', 'uuid', 'integer'], 'volatile');
select isnt_definer('coffee', '_pick_coffees', array['uuid', 'text', 'date', 'timestamp with time zone', 'integer', 'uuid[]', 'uuid', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee._pick_coffees(uuid, text, date, timestamptz, integer, uuid[], uuid, integer)', 'execute'), 'nobody may call it');

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

create function pg_temp.picked(p_month date, p_months integer default 3, p_excluded uuid[] default '{}') returns text language sql as $$
  select string_agg(right(c.coffee_id::text, 2), ' ' order by c.place)
  from coffee._pick_coffees('d0000000-0000-0000-0000-000000000001', '100g', $1, platform.now(), $2, $3) as c
$$;
select is(pg_temp.picked('2026-11-01'), 'c1 c3 c2 c4', 'each roaster''s best before anybody''s second');
select is(pg_temp.picked('2026-11-01', 3, '{d0000000-0000-0000-0000-0000000000c1}'), 'c2 c3 c4', 'without what is not wanted');
select pg_temp.bill(pg_temp.subscriber(1, p.pick)) from p;
select coffee.assemble_boxes();
select is(pg_temp.picked('2026-11-01'), 'c2 c4', 'not twice in a month');
select is(pg_temp.picked('2027-02-01'), 'c2 c4', 'nor within three months');
select is(pg_temp.picked('2026-08-01'), 'c2 c4', 'also when the older box comes later');
select is(pg_temp.picked('2027-03-01'), 'c1 c3 c2 c4', 'but after them');
select is(pg_temp.picked('2026-12-01', 0), 'c1 c3 c2 c4', 'unless repeats are welcome');
select is(pg_temp.picked('2026-12-01', 1), 'c2 c4', 'one month');
select is(pg_temp.picked('2027-01-01', 1), 'c1 c3 c2 c4', 'is one month');

update coffee.roasters set monthly_quota = 1 where id = 'd0000000-0000-0000-0000-0000000000a2';
select is(pg_temp.picked('2026-11-01', 0), 'c1 c2', 'a roaster whose quota is used up');
update coffee.coffees set available_for_subscription = false where id = 'd0000000-0000-0000-0000-0000000000c1';
select is(pg_temp.picked('2026-11-01', 0), 'c2', 'a coffee that is not offered any more');
update coffee.coffee_inventory set is_available = false where coffee_id = 'd0000000-0000-0000-0000-0000000000c2';
select is(pg_temp.picked('2026-11-01', 0), null, 'or that is held back');

update coffee.roasters set monthly_quota = null;
update coffee.coffees set available_for_subscription = true;
update coffee.coffee_inventory set is_available = true;
-- by chance among the best: whatever the session does about chance, and the better the likelier
create function pg_temp.drawn(p_from integer) returns text language sql as $$
  select setseed(0.5);
  select string_agg(right(c.coffee_id::text, 2), ' ' order by c.place)
  from coffee._pick_coffees('d0000000-0000-0000-0000-000000000002', '100g', '2026-11-01', platform.now(), 3, '{}', null, $1) as c
$$;
create temporary table draws as
select n.places, d.drawn
from (values (2), (4)) as n (places) cross join generate_series(1, 300) as t (n) cross join lateral (select pg_temp.drawn(n.places + 0 * t.n) as drawn) as d;
select set_eq('select distinct drawn from draws where places = 2', array['c1 c3 c2 c4', 'c3 c1 c2 c4'], 'the two best in any order, then the rest');
select results_eq('select distinct left(drawn, 2) from draws where places = 4 order by 1', array['c1', 'c2', 'c3', 'c4'], 'any of four may be the first');
select is_empty('select from draws where left(drawn, 5) in (''c1 c2'', ''c2 c1'', ''c3 c4'', ''c4 c3'')', 'of different roasters');
select cmp_ok(
  (select count(*) from draws where places = 4 and drawn like 'c1%'), '>', (select count(*) from draws where places = 4 and drawn like 'c4%'),
  'the best more often than the worst'
);

-- what a blind box hides
select pg_temp.bill(pg_temp.subscriber(3, p.blind)) from p;
select coffee.assemble_boxes();
create function pg_temp.left_out(p_subscription_id uuid) returns boolean language sql as $$
  select coalesce(bool_and(not exists (
    select
    from coffee._pick_coffees('d0000000-0000-0000-0000-000000000003', '100g', '2026-12-01', platform.now(), 3, '{}', $1) as c
    where c.coffee_id = i.coffee_id
  )), false)
  from coffee.subscription_orders as o join coffee.order_items as i on i.order_id = o.id
  where o.user_id = 'd0000000-0000-0000-0000-000000000003'
$$;
create function pg_temp.subscription() returns uuid language sql as $$
  select s.id from coffee.coffee_subscriptions as s where s.user_id = 'd0000000-0000-0000-0000-000000000003'
$$;
select is(
  (select count(*) from coffee._pick_coffees('d0000000-0000-0000-0000-000000000003', '100g', '2026-12-01', platform.now(), 3, '{}')), 4::bigint,
  'does not count for other boxes'
);
select ok(pg_temp.left_out(pg_temp.subscription()), 'but for the next blind one of the subscription');
select is(
  (select count(*) from coffee._pick_coffees('d0000000-0000-0000-0000-000000000003', '100g', '2026-12-01', platform.now(), 3, '{}', gen_random_uuid())),
  4::bigint, 'not for blind ones of another'
);
set local moadb.now = '2027-01-10 09:00+09';
update coffee.subscription_orders set status = 'paid' where user_id = 'd0000000-0000-0000-0000-000000000003' and status = 'pending';
select coffee.ship_order(o.id, 'T') from coffee.subscription_orders as o where o.user_id = 'd0000000-0000-0000-0000-000000000003';
set local moadb.now = '2027-03-10 09:00+09';
select ok(pg_temp.left_out(null), 'once it has told, for all');
set local moadb.now = '2026-11-01 09:00+09';

select * from finish();
rollback;
