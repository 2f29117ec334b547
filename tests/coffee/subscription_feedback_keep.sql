begin;
select plan(19);

select has_function('coffee', '_subscription_feedback_keep', array[]::text[]);
select function_returns('coffee', '_subscription_feedback_keep', array[]::text[], 'trigger');
select isnt_definer('coffee', '_subscription_feedback_keep', array[]::text[]);
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_box', 'coffee', '_subscription_feedback_keep');
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_keep', 'coffee', '_keep_rows');
select trigger_is('coffee', 'subscription_feedback', 'subscription_feedback_updated_at', 'platform', 'update_updated_at');

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

select pg_temp.bill(pg_temp.subscriber(1, p.choice, '[{"coffee_id": "d0000000-0000-0000-0000-0000000000c2", "quantity": 2}]')), pg_temp.bill(pg_temp.subscriber(2, p.blind)) from p;
select coffee.assemble_boxes();
create temporary table o as
select o.id, o.period_id, o.order_number as number, right(o.user_id::text, 1)::integer as u from coffee.subscription_orders as o;

create function pg_temp.insert(p_user integer, p_order integer, p_coffee text) returns text language sql as $$
  insert into coffee.subscription_feedback (user_id, order_id, coffee_id, overall_rating)
  select ('d0000000-0000-0000-0000-00000000000' || $1)::uuid, o.id, ('d0000000-0000-0000-0000-0000000000' || $3)::uuid, 3 from o where u = $2
  returning overall_rating::text
$$;
select pg_temp.pay();
select throws_ok('select pg_temp.insert(1, 1, ''c2'')', 'MF075', null, 'a box that has not left');
select coffee.ship_order(o.id, null) from o;
select is(pg_temp.insert(1, 1, 'c2'), '3', 'the customer''s own');
select throws_ok('select pg_temp.insert(2, 1, ''c2'')', 'MF075', null, 'somebody else');
select throws_ok('select pg_temp.insert(1, 1, ''c1'')', 'MF075', null, 'what is not in it');
select throws_ok('update coffee.subscription_feedback set ' || c, 'MF003', 'update on coffee.subscription_feedback is refused', c)
from unnest(array['id = gen_random_uuid()', 'user_id = ''d0000000-0000-0000-0000-000000000002''', 'coffee_id = ''d0000000-0000-0000-0000-0000000000c1''']) as c;
select coffee.submit_blind_guess('d0000000-0000-0000-0000-000000000002', o.id, i.id, p_origin_country => 'Peru')
from o join lateral (select min(i.id) as id from coffee.order_items as i where i.order_id = o.id) as i on true where o.u = 2;
select throws_ok('update coffee.subscription_feedback set ' || c || ' where guessed_at is not null', 'MF003', null, c)
from unnest(array['blind_guess_score = 79', 'blind_guess = ''{}''', 'guess_transaction = ''3''', 'guessed_at = now() + interval ''1 day''']) as c;
select throws_ok('update coffee.subscription_feedback set guessed_at = now() where guessed_at is null', '23514', null, 'half a guess');
set local moadb.now = '2026-11-09 09:00+09';
update coffee.subscription_feedback set overall_rating = 5;
select is((select bool_and(f.updated_at = platform.now()) from coffee.subscription_feedback as f), true, 'when it was changed');

select * from finish();
rollback;
