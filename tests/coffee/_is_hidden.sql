begin;
select plan(17);

select has_function('coffee', '_is_hidden', array['uuid', 'uuid']);
select function_returns('coffee', '_is_hidden', array['uuid', 'uuid'], 'boolean');
select volatility_is('coffee', '_is_hidden', array['uuid', 'uuid'], 'stable');
select isnt_definer('coffee', '_is_hidden', array['uuid', 'uuid']);
select ok(not has_function_privilege('coffee_app', 'coffee._is_hidden(uuid, uuid)', 'execute'), 'nobody may call it');

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

create temporary table s as select pg_temp.subscriber(1, p.blind) as blind, pg_temp.subscriber(2, p.pick) as pick from p;
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.blind, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 1, 9000 from s;
create temporary table b as select pg_temp.bill(s.blind) as blind, pg_temp.bill(s.pick) as pick from s;
-- what is drawn is chance: a box has two roasters, and this leaves one coffee of the second
update coffee.coffee_inventory set is_available = false where coffee_id = 'd0000000-0000-0000-0000-0000000000c4';
select coffee.assemble_boxes();
select coffee._pay_order(b.blind), coffee._pay_order(b.pick) from b;
create temporary table o as
select o.id, i.coffee_id, right(i.coffee_id::text, 2) as coffee, o.is_blind from coffee.subscription_orders as o join coffee.order_items as i on i.order_id = o.id;
create function pg_temp.hidden() returns text language sql as $$
  select string_agg(o.coffee, ' ' order by o.coffee) from o where coffee._is_hidden(o.id, o.coffee_id)
$$;
select is((select string_agg(o.coffee, ' ' order by o.coffee) from o where o.is_blind), 'c1 c2 c3', 'a blind box with an extra');
select is(pg_temp.hidden(), 'c2 c3', 'hides all but the extra');
select is((select bool_or(coffee._is_hidden(o.id, 'd0000000-0000-0000-0000-0000000000c4')) from o), false, 'not what is not in it');
select is(coffee._is_hidden(null, null), false, 'nothing');
select coffee.ship_order(o.id, null) from o where o.coffee = 'c1' and o.is_blind;
select is(pg_temp.hidden(), 'c2 c3', 'on its way');
-- coffee.v_blind_orders says it in its own words
create function pg_temp.differing() returns bigint language sql as $$
  select count(*)
  from coffee.v_blind_orders as v
  join coffee.order_items as i on i.id = v.order_item_id
  where v.is_revealed is distinct from not coffee._is_hidden(i.order_id, i.coffee_id)
$$;
select is(pg_temp.differing(), 0::bigint, 'the view for reports agrees');
insert into coffee.subscription_feedback (
  user_id, order_id, coffee_id, blind_guess, blind_guess_correct, blind_guess_score, guessed_at, guess_transaction
)
select 'd0000000-0000-0000-0000-000000000001', o.id, o.coffee_id, '{}', false, 0, platform.now(), pg_current_xact_id()
from o where o.is_blind and o.coffee = 'c2';
select is(pg_temp.hidden(), 'c2 c3', 'guessed in a transaction that can still take it back');
delete from coffee.subscription_feedback;
insert into coffee.subscription_feedback (
  user_id, order_id, coffee_id, blind_guess, blind_guess_correct, blind_guess_score, guessed_at, guess_transaction
)
select 'd0000000-0000-0000-0000-000000000001', o.id, o.coffee_id, '{}', false, 0, platform.now(), '1'
from o where o.is_blind and o.coffee = 'c2';
select is(pg_temp.hidden(), 'c3', 'guessed before');
select is(pg_temp.differing(), 0::bigint, 'the view agrees on what was guessed');
set local moadb.now = '2026-12-01 08:59:59+09';
select is(pg_temp.hidden(), 'c3', 'up to the last second');
set local moadb.now = '2026-12-01 09:00+09';
select is(pg_temp.hidden(), null, 'then it tells by itself');
select is(pg_temp.differing(), 0::bigint, 'the view, too');

select * from finish();
rollback;
