begin;
select plan(10);

select has_function('coffee', '_credit_box', array['uuid', 'bigint', 'numeric', 'text', 'bigint']);
select function_returns('coffee', '_credit_box', array['uuid', 'bigint', 'numeric', 'text', 'bigint'], 'void');
select volatility_is('coffee', '_credit_box', array['uuid', 'bigint', 'numeric', 'text', 'bigint'], 'volatile');
select isnt_definer('coffee', '_credit_box', array['uuid', 'bigint', 'numeric', 'text', 'bigint']);
select ok(not has_function_privilege('coffee_app', 'coffee._credit_box(uuid, bigint, numeric, text, bigint)', 'execute'), 'nobody may call it');

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
create temporary table b as select pg_temp.bill(s.id, 0, 2) as id from s;
create temporary table j as select j.id from coffee.monthly_order_jobs as j where j.box_no = 0;
update coffee.monthly_order_jobs set value = 30000;
select coffee._credit_box(s.id, b.id, 500, 'items_missing', j.id), coffee._credit_box(s.id, b.id, 0, 'nothing', j.id), coffee._credit_box(s.id, b.id, 300, 'box_skipped', j.id) from s, b, j;
select results_eq(
  'select c.amount, c.reason, c.period_id, c.created_at from coffee.subscription_credits as c order by c.id',
  $$select 500.00, 'items_missing', b.id, platform.now() from b union all select 300.00, 'box_skipped', b.id, platform.now() from b$$, 'in the ledger'
);
select is((select t.credit_balance from coffee.coffee_subscriptions as t), 800.00, 'and in the balance');
select coffee.assemble_boxes();
select pg_temp.pay();
select coffee.cancel_subscription(s.id, 'd0000000-0000-0000-0000-000000000001', 'now') from s;
update coffee.monthly_order_jobs set value = 29200 where box_no = 0;
delete from platform.tasks as t where t.topic = 'coffee.refund_charge';
select coffee._credit_box(s.id, b.id, 50000, 'order_cancelled', j.id) from s, b, coffee.monthly_order_jobs as j order by j.box_no;
select results_eq(
  $$select (t.payload ->> 'amount')::numeric, t.payload ->> 'gateway_reference' from platform.tasks as t where t.topic = 'coffee.refund_charge' order by t.id$$,
  $$select a.amount, 'payment ' || j.id from coffee.billing_jobs as j cross join (values (29200.0), (30000)) as a (amount) order by 1$$,
  'a subscription that has ended gets it back, each box its own, and no more than was paid'
);
select results_eq(
  $$select c.amount from coffee.subscription_credits as c where c.reason in ('order_cancelled', 'refunded') order by c.id$$,
  'values (29200.00), (-29200.00), (30000.00), (-30000.00)', 'the ledger tells of it'
);
select is((select t.credit_balance from coffee.coffee_subscriptions as t), 800.00, 'what was credited before stays');

select * from finish();
rollback;
