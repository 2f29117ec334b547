begin;
select plan(20);

select has_view('coffee', 'v_subscriptions', 'v_subscriptions');
select has_view('coffee', 'v_mrr', 'v_mrr');
select has_view('coffee', 'v_churn', 'v_churn');
select has_view('coffee', 'v_skip_rate', 'v_skip_rate');
select has_view('coffee', 'v_dunning_recovery', 'v_dunning_recovery');
select has_view('coffee', 'v_cohorts', 'v_cohorts');
select has_view('coffee', 'v_next_period_demand', 'v_next_period_demand');
select has_view('coffee', 'v_growth', 'v_growth');

set local session_replication_role = replica;  -- states that would take months to come about
insert into coffee.users (id, email) values ('00000000-0000-0000-0000-0000000000a1', 'a1@example.com');
insert into coffee.plans (id, code, name, type, price_per_month, items_per_box)
values
  (-1, 'v-pick', 'p', 'monthly_pick', 10000, 2), (-2, 'v-choice', 'c', 'my_choice', 20000, 2), (-3, 'v-big', 'b', 'monthly_pick', 30000, 5);
insert into coffee.coffee_subscriptions (
  id, user_id, plan_id, type, status, price_per_month, shipping_address, anchor_at, started_at, next_period, next_billing_at, cancel_at,
  cancelled_at, past_due_since, paused_at, pending_plan_id, pending_plan_period, pending_price
)
select
  ('00000000-0000-0000-0000-0000000000b' || s.n)::uuid, '00000000-0000-0000-0000-0000000000a1', s.plan, s.type, s.status, s.price, '{}',
  s.started, s.started, 3, s.next, s.cancel_at, s.cancelled_at, s.past_due_since, s.paused_at, s.pending, s.pending - s.pending + 3,
  case when s.pending < 0 then 30000 end
from (
  values
    (1, -1, 'monthly_pick', 'active', 10000, '2036-08-31 15:00+00'::timestamptz, '2036-11-30 15:00+00'::timestamptz,
      null::timestamptz, null::timestamptz, null::timestamptz, null::timestamptz, -3),
    (2, -1, 'monthly_pick', 'past_due', 10000, '2036-09-05 00:00+00', '2036-12-05 00:00+00', null, null, '2036-11-06 00:00+00', null, null),
    (3, -1, 'monthly_pick', 'cancelled', 10000, '2036-09-05 00:00+00', '2036-12-05 00:00+00', null, '2036-10-31 15:00+00', null, null, null),
    (4, -1, 'monthly_pick', 'cancelled', 30000, '2036-09-05 00:00+00', '2036-12-05 00:00+00', null, '2036-11-02 00:00+00',
      '2036-10-10 00:00+00', null, null),
    (5, -2, 'my_choice', 'active', 20000, '2036-11-01 00:00+00', '2036-12-01 00:00+00', null, null, null, null, null),
    (6, -2, 'my_choice', 'pending_cancel', 15000, '2036-11-01 00:00+00', '2036-12-01 00:00+00', '2036-12-01 00:00+00', null, null, null, null),
    (7, -2, 'my_choice', 'paused', 15000, '2036-11-01 00:00+00', '2036-12-01 00:00+00', null, null, null, '2036-11-03 00:00+00', null),
    (8, -2, 'my_choice', 'active', 20000, '2036-11-12 00:00+00', '2036-12-12 00:00+00', null, null, null, null, null)
) as s (n, plan, type, status, price, started, next, cancel_at, cancelled_at, past_due_since, paused_at, pending);

set local moadb.now = '2036-11-20 00:00+00';
set local role coffee_read;
select results_eq(
  'select v.plan_code, v.type, v.subscriptions, v.mrr, v.past_due, v.cancelling, v.new_mrr from coffee.v_mrr as v order by 1',
  $$
    values
      ('v-choice', 'my_choice'::varchar, 3::bigint, 55000.00, 0.00, 15000.00, 55000.00), ('v-pick', 'monthly_pick', 2, 20000, 10000, 0, 0)
  $$, 'v_mrr: what is billed each month, what of it is in danger, and what is new'
);
select results_eq(
  $$
    select v.month, v.at_start, v.started, v.cancelled, v.involuntary, v.churn_rate, v.revenue_churn_rate
    from coffee.v_churn as v where v.type = 'monthly_pick' order by v.month
  $$,
  $$
    values
      ('2036-09-01'::date, 0::bigint, 4::bigint, 0::bigint, 0::bigint, null::numeric, null::numeric),
      ('2036-10-01', 4, 0, 0, 0, 0.0000, 0.0000),
      ('2036-11-01', 4, 0, 2, 1, 0.5000, 0.6667)
  $$, 'v_churn: months of Seoul, where the end of October in UTC is November already'
);
reset role;

insert into coffee.billing_periods (
  id, subscription_id, period_index, part, period, previous_end, kind, amount, value
)
overriding system value
select
  p.id, s.id, p.index, p.part, tstzrange(p.from_at, p.to_at), lag(p.to_at) over (partition by p.n order by p.from_at),
  p.kind, p.amount, p.amount
from (
  values
    (-1, 1, 0, 1, '2036-08-31 15:00+00'::timestamptz, '2036-09-30 15:00+00'::timestamptz, 'billed', 10000),
    (-2, 1, 1, 1, '2036-09-30 15:00+00', '2036-10-31 15:00+00', 'skipped', 0),
    (-3, 1, 2, 1, '2036-10-31 15:00+00', '2036-11-30 15:00+00', 'billed', 10000),
    (-4, 2, 0, 1, '2036-09-05 00:00+00', '2036-10-05 00:00+00', 'billed', 10000),
    (-5, 2, 1, 1, '2036-10-05 00:00+00', '2036-11-05 00:00+00', 'out_of_stock', 0),
    (-6, 2, 2, 1, '2036-11-05 00:00+00', '2036-11-10 00:00+00', 'billed', 10000),
    (-7, 2, 2, 2, '2036-11-10 00:00+00', '2036-12-05 00:00+00', 'changed', 10000)
) as p (id, n, index, part, from_at, to_at, kind, amount)
join coffee.coffee_subscriptions as s on s.id = ('00000000-0000-0000-0000-0000000000b' || p.n)::uuid
order by p.id desc;
set local role coffee_read;
select results_eq(
  'select v.month, v.type, v.periods, v.skipped, v.out_of_stock, v.skip_rate from coffee.v_skip_rate as v order by v.month',
  $$
    values
      ('2036-09-01'::date, 'monthly_pick'::varchar, 2::bigint, 0::bigint, 0::bigint, 0.0000), ('2036-10-01', 'monthly_pick', 2, 1, 1, 0.5000),
      ('2036-11-01', 'monthly_pick', 2, 0, 0, 0.0000)
  $$, 'v_skip_rate: by the month in which a period began; its parts are one'
);
reset role;

insert into coffee.billing_jobs (id, subscription_id, period_id, amount, due_date, status, first_failed_at, attempts, failures, completed_at)
overriding system value
select
  j.id, p.subscription_id, p.id, j.amount, lower(p.period), j.status, j.failed, 3, case when j.failed is null then 0 else 2 end,
  j.completed
from (
  values
    (-1, -1, 10000, 'succeeded', null::timestamptz, '2036-08-31 15:01+00'::timestamptz),
    (-3, -3, 10000, 'succeeded', '2036-10-31 15:01+00', '2036-11-03 15:01+00'),
    (-4, -4, 8000, 'failed', '2036-11-05 01:00+00', '2036-11-15 00:00+00'),
    (-6, -6, 7000, 'retrying', '2036-11-05 01:00+00', null)
) as j (id, period, amount, status, failed, completed)
join coffee.billing_periods as p on p.id = j.period;
set local role coffee_read;
select results_eq(
  $$
    select
      v.month, v.currency, v.failed, v.recovered, v.lost, v.open, v.failed_amount, v.recovered_amount, v.recovery_rate,
      v.failures_before_success, v.days_to_recover
    from coffee.v_dunning_recovery as v
  $$,
  $$
    values ('2036-11-01'::date, 'KRW', 3::bigint, 1::bigint, 1::bigint, 1::bigint, 25000.00, 10000.00, 0.5000, 2.00, 3.00)
  $$, 'v_dunning_recovery: of those that are decided, one of two'
);
select results_eq(
  $$
    select v.cohort, v.month_number, v.subscriptions, v.retained, v.retention, v.revenue
    from coffee.v_cohorts as v where v.type = 'monthly_pick' order by v.cohort, v.month_number
  $$,
  $$
    values
      ('2036-09-01'::date, 0, 4::bigint, 4::bigint, 1.0000, 10000.00), ('2036-09-01', 1, 4, 4, 1.0000, 0),
      ('2036-09-01', 2, 4, 2, 0.5000, 10000)
  $$, 'v_cohorts: two of four are left in the third month'
);
select results_eq(
  $$
    select v.plan_code, v.status, v.current_period, v.current_period_start, v.current_period_kind, v.payment_status, v.next_billing_at, v.boxes
    from coffee.v_subscriptions as v where v.subscription_id::text ~ 'b[1237]$' order by v.subscription_id
  $$,
  $$
    values
      ('v-pick', 'active'::varchar, 2, '2036-10-31 15:00+00'::timestamptz, 'billed', 'succeeded', '2036-11-30 15:00+00'::timestamptz, 0::bigint),
      ('v-pick', 'past_due', 2, '2036-11-10 00:00+00', 'changed', null, '2036-12-05 00:00+00', 0),
      ('v-pick', 'cancelled', null, null, null, null, null, 0),
      ('v-choice', 'paused', null, null, null, null, null, 0)
  $$, 'v_subscriptions: with the period that has now in it'
);
reset role;

-- of tables this small every plan is cheap; what matters is that there is one by the key
create function pg_temp.plan_of(p_query text) returns jsonb language plpgsql as $$
declare
  v_plan jsonb;
begin
  execute 'explain (format json) ' || p_query into v_plan;
  return v_plan;
end;
$$;
set local enable_seqscan = off;
set local enable_bitmapscan = off;
select results_eq(
  $$
    select n ->> 'Node Type', n ->> 'Index Name', n ->> 'Index Cond' ~ 'subscription_id = '
    from jsonb_path_query(
      pg_temp.plan_of('select * from coffee.v_subscriptions'), 'strict $.** ? (@."Relation Name" == "billing_periods")'
    ) as n
  $$,
  $$values ('Index Scan', 'billing_periods_period_index_key', true)$$, 'v_subscriptions looks a subscription''s periods up'
);
reset enable_seqscan;
reset enable_bitmapscan;

-- the next boxes: of b1 five bags of the plan that it changes to, of b2 two; b6 ends, b7 is paused; b5 and b8 have chosen
set local session_replication_role = origin;
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000f0', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_100g, available_for_subscription)
select ('00000000-0000-0000-0000-0000000000c' || n)::uuid, 'c' || n, '00000000-0000-0000-0000-0000000000f0', 'KE', 10000, true
from generate_series(1, 4) as n;
select coffee.receive_stock(('00000000-0000-0000-0000-0000000000c' || s.n)::uuid, '100g', s.stock, '2036-11-01', '2037-11-01')
from (values (1, 5), (2, 10), (3, 50)) as s (n, stock);
select coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 4, '2036-11-01', null);
select coffee._reserve_stock('00000000-0000-0000-0000-0000000000c2', '100g', 2, '2036-11-01', null);
update coffee.coffee_inventory set is_available = false where coffee_id = '00000000-0000-0000-0000-0000000000c3';
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price)
values ('00000000-0000-0000-0000-0000000000c4', '00000000-0000-0000-0000-0000000000f0', '100g', 10000);
set local session_replication_role = replica;
-- the plan of the next box but one is not that of the next
update coffee.coffee_subscriptions
set pending_plan_id = -3, pending_plan_period = 4, pending_price = 30000
where id = '00000000-0000-0000-0000-0000000000b2';
insert into coffee.subscription_items (subscription_id, valid_from, coffee_id, unit, quantity)
select
  ('00000000-0000-0000-0000-0000000000b' || s.n)::uuid, s.valid_from, ('00000000-0000-0000-0000-0000000000c' || s.coffee)::uuid, '100g', s.quantity
from (
  values (5, 0, 3, 9), (5, 2, 1, 2), (5, 2, 2, 1), (5, 4, 4, 7), (6, 0, 1, 9), (7, 0, 1, 9), (8, 0, 1, 1), (8, 0, 4, 1)
) as s (n, valid_from, coffee, quantity);
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price, replaces_coffee_id)
values
  ('00000000-0000-0000-0000-0000000000b5', 3, 'skip_item', '00000000-0000-0000-0000-0000000000c2', '100g', null, null, null),
  ('00000000-0000-0000-0000-0000000000b8', 3, 'swap', '00000000-0000-0000-0000-0000000000c3', '100g', null, null,
    '00000000-0000-0000-0000-0000000000c4'),
  ('00000000-0000-0000-0000-0000000000b8', 3, 'extra', '00000000-0000-0000-0000-0000000000c2', '100g', 4, 10000, null),
  ('00000000-0000-0000-0000-0000000000b8', 4, 'skip', null, null, null, null, null);
set local role coffee_read;
select results_eq(
  $$select v.coffee_name, v.wanted, v.available, v.shortfall from coffee.v_next_period_demand as v where v.unit = '100g' order by 1 nulls last$$,
  $$
    values
      ('c1'::varchar, 3::bigint, 1::bigint, 2::bigint), ('c2', 4, 8, 0), ('c3', 1, 0, 1), (null, 7, 9, 0)
  $$, 'v_next_period_demand: items in force then, swapped, left out and added; what is not for sale is not there'
);
reset role;
insert into coffee.period_changes (subscription_id, period_index, kind) values ('00000000-0000-0000-0000-0000000000b8', 3, 'skip');
select results_eq(
  'select v.coffee_name, v.wanted from coffee.v_next_period_demand as v order by 1 nulls last',
  $$values ('c1'::varchar, 2::bigint), (null, 7)$$, 'a skipped box needs nothing'
);

set local role coffee_app;
select throws_ok('select * from coffee.v_mrr', '42501', null, 'applications do not read reports');
select throws_ok('select * from coffee.v_subscriptions', '42501', null, 'nor each other''s subscriptions');
set local role coffee_read;
select throws_ok('select * from coffee.coffee_subscriptions', '42501', null, 'reporting reads views alone');

select * from finish();
rollback;
