begin;
select plan(11);

select has_function('coffee', 'reveal_blind', array['uuid', 'uuid']);
select volatility_is('coffee', 'reveal_blind', array['uuid', 'uuid'], 'stable');
select is_definer('coffee', 'reveal_blind', array['uuid', 'uuid']);
select ok(has_function_privilege('coffee_app', 'coffee.reveal_blind(uuid, uuid)', 'execute'), 'applications may call it');

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

-- as if the guess had been made in an earlier transaction
create function pg_temp.commit() returns void language plpgsql as $$
begin
  set local session_replication_role = 'replica';
  update coffee.subscription_feedback as f set guess_transaction = '1' where f.guessed_at is not null;
  set local session_replication_role = 'origin';
end;
$$;

create temporary table s as select pg_temp.subscriber(1, p.blind) as blind, pg_temp.subscriber(2, p.pick) as pick from p;

insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price)
select s.blind, 0, 'extra', 'd0000000-0000-0000-0000-0000000000c1', '100g', 1, 9000 from s;

select pg_temp.bill(s.blind), pg_temp.bill(s.pick) from s;
-- what is drawn is chance: the box has two roasters, and this leaves one coffee of the second
update coffee.coffee_inventory set is_available = false where coffee_id = 'd0000000-0000-0000-0000-0000000000c4';
select coffee.assemble_boxes();

create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

select coffee._pay_order(o.period_id), coffee.ship_order(o.id, null) from o;
create function pg_temp.revealed() returns text language sql as $$
  select string_agg(coalesce(r.coffee_name || ' ' || r.roaster_name || ' ' || r.origin_country || coalesce(' ' || r.score || ' ' || r.is_correct, ''), '?'), ', ' order by r.coffee_name)
  from o cross join lateral coffee.reveal_blind('d0000000-0000-0000-0000-000000000001', o.id) as r where o.u = 1
$$;
select is(pg_temp.revealed(), '?, ?', 'two items, and nothing of them');
select is(
  (select bool_and(num_nonnulls(r.coffee_id, r.coffee_name, r.roaster_id, r.roaster_name, r.origin_country, r.processing_method, r.roaster_notes, r.guess, r.is_correct, r.score) = 0)
  from o cross join lateral coffee.reveal_blind('d0000000-0000-0000-0000-000000000001', o.id) as r where o.u = 1), true, 'nothing at all'
);
select coffee.submit_blind_guess('d0000000-0000-0000-0000-000000000001', o.id, i.id, p_coffee_id => i.coffee_id)
from o join coffee.order_items as i on i.order_id = o.id where i.coffee_id::text like '%c3' and o.u = 1;
select is(pg_temp.revealed(), '?, ?', 'nor in the transaction of the guess');
select pg_temp.commit();
select is(pg_temp.revealed(), 'coffee 3 South Kenya 100.00 true, ?', 'in the next');
set local moadb.now = '2026-12-01 09:00+09';
select is(pg_temp.revealed(), 'coffee 2 North Brazil, coffee 3 South Kenya 100.00 true', 'in the end');
select throws_ok('select coffee.reveal_blind(''d0000000-0000-0000-0000-000000000002'', o.id) from o where u = 1', 'MF070', null, 'somebody else''s');
select is_empty('select coffee.reveal_blind(''d0000000-0000-0000-0000-000000000002'', o.id) from o where u = 2', 'no blind box');

select * from finish();
rollback;
