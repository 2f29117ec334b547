begin;
select plan(23);

select has_function('coffee', 'aggregate_monthly_stats', array['date']);
select function_returns('coffee', 'aggregate_monthly_stats', array['date'], 'bigint');
select volatility_is('coffee', 'aggregate_monthly_stats', array['date'], 'volatile');
select is_definer('coffee', 'aggregate_monthly_stats', array['date']);
select ok(not has_function_privilege('coffee_app', 'coffee.aggregate_monthly_stats(date)', 'execute'), 'applications may not call it');

set local session_replication_role = replica;
insert into coffee.users (id, email, time_zone)
values
  ('00000000-0000-0000-0000-0000000000a1', 'a1@example.com', 'Asia/Seoul'),
  ('00000000-0000-0000-0000-0000000000a2', 'a2@example.com', 'America/Los_Angeles');
insert into coffee.plans (id, code, name, type, price_per_month) values (-1, 't-stats', 'p', 'monthly_pick', 10000);
insert into coffee.coffee_subscriptions (
  id, user_id, plan_id, type, price_per_month, shipping_address, anchor_at, next_billing_at
)
select s.id::uuid, s.user_id::uuid, -1, 'monthly_pick', 10000, '{}', '2036-10-01 00:00+00', '2036-12-01 00:00+00'
from (
  values
    ('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000a1'),
    ('00000000-0000-0000-0000-0000000000b2', '00000000-0000-0000-0000-0000000000a2'),
    ('00000000-0000-0000-0000-0000000000b3', '00000000-0000-0000-0000-0000000000a2')
) as s (id, user_id);
insert into coffee.subscription_orders (
  id, subscription_id, user_id, period_id, order_job_id, order_month, order_number, status, coffee_items, total_price, shipping_address
)
select
  ('00000000-0000-0000-0000-0000000000d' || n)::uuid, ('00000000-0000-0000-0000-0000000000b' || n)::uuid,
  ('00000000-0000-0000-0000-0000000000a' || n)::uuid, n, n, '2036-11-01', 'm' || n, 'paid', '[]', 0, '{}'
from generate_series(1, 2) as n;
-- November in Seoul is 15:00 of the 31st of October to 15:00 of the 30th of November in UTC
insert into coffee.taste_records (user_id, coffee_id, mode, is_subscription_coffee, taste_layers, created_at)
values
  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 'lab', true, '{}', '2036-10-31 14:59+00'),
  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 'lab', true, '{}', '2036-10-31 15:00+00'),
  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 'lab', false, '{}', '2036-11-30 14:59+00'),
  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c2', 'lab', false, '{}', '2036-11-15 00:00+00'),
  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c3', 'lab', false, '{}', '2036-11-30 15:00+00'),
  ('00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000c3', 'lab', false, '{}', '2036-12-01 07:59+00');
insert into coffee.subscription_feedback (
  user_id, order_id, coffee_id, overall_rating, taste_match_score, blind_guess, blind_guess_score, blind_guess_correct, guessed_at,
  guess_transaction, created_at
)
values
  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000d1', '00000000-0000-0000-0000-0000000000c1', 5, 90, '{}', 50,
    false, '2036-11-20 00:00+00', pg_current_xact_id(), '2036-11-20 00:00+00'),
  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000d1', '00000000-0000-0000-0000-0000000000c2', 2, null, null, null,
    null, null, null, '2036-11-21 00:00+00'),
  ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000d1', '00000000-0000-0000-0000-0000000000c3', 1, 10, null, null,
    null, null, null, '2036-11-30 15:00+00');
set local session_replication_role = origin;

set local moadb.now = '2036-12-02 12:40+00';
select is(coffee.aggregate_monthly_stats(), 3::bigint, 'two users, one subscription; without arguments the month before');
create temporary view shown as
select
  right(m.user_id::text, 2) as u, m.month, m.records_created, m.unique_coffees, m.subscription_coffees_tried, m.taste_accuracy,
  m.blind_box_accuracy
from coffee.user_growth_monthly as m;
select results_eq(
  'select * from shown order by u',
  $$
    values ('a1', '2036-11-01'::date, 3, 2, 1, 90.00, 50.00), ('a2', '2036-11-01', 1, 1, 0, null, null)
  $$, 'what they did in the month of their own calendar'
);
select is_empty('select from coffee.user_growth_metrics', 'the daily table has days alone');
select results_eq(
  'select right(s.id::text, 2), s.metadata from coffee.coffee_subscriptions as s where s.plan_id = -1 order by 1',
  $$
    values
      ('b1', '{"monthly_satisfaction": 3.50, "monthly_satisfaction_month": "2036-11-01"}'::jsonb), ('b2', '{}'), ('b3', '{}')
  $$, 'how satisfied the subscriber was; nothing is said of others'
);
select is(coffee.aggregate_monthly_stats('2036-11-17'), 0::bigint, 'again, by any day of the month: the same');

select is(coffee.aggregate_monthly_stats('2036-10-01'), 1::bigint, 'an earlier month: a record');
select is(
  (select s.metadata ->> 'monthly_satisfaction_month' from coffee.coffee_subscriptions as s where s.id = '00000000-0000-0000-0000-0000000000b1'),
  '2036-11-01', 'the satisfaction is still that of the latest month'
);
select is(coffee.aggregate_monthly_stats('2036-12-01'), 2::bigint, 'the next month: a record and its rating');
select is(
  (select s.metadata -> 'monthly_satisfaction' from coffee.coffee_subscriptions as s where s.id = '00000000-0000-0000-0000-0000000000b1'),
  '1.00', 'is the latest then'
);
select is(coffee.aggregate_monthly_stats('2037-01-01'), 1::bigint, 'a month without feedback');
select is(
  (select s.metadata from coffee.coffee_subscriptions as s where s.id = '00000000-0000-0000-0000-0000000000b1'),
  '{"monthly_satisfaction": null, "monthly_satisfaction_month": "2037-01-01"}', 'no figure of a month long past is shown as of now'
);
select is(coffee.aggregate_monthly_stats('2037-02-01'), 0::bigint, 'another: nothing is written where nothing is to be said');
select is(coffee.aggregate_monthly_stats('2037-01-01'), 0::bigint, 'nor for the same again');
set local session_replication_role = replica;
update coffee.coffee_subscriptions
set status = 'cancelled', cancelled_at = platform.now(), metadata = '{"monthly_satisfaction": 4, "monthly_satisfaction_month": "2036-11-01"}'
where id = '00000000-0000-0000-0000-0000000000b1';
set local session_replication_role = origin;
select is(coffee.aggregate_monthly_stats('2037-03-01'), 0::bigint, 'a subscription that has ended keeps its last figure');
set local session_replication_role = replica;
update coffee.coffee_subscriptions
set status = 'active', cancelled_at = null, metadata = '{"monthly_satisfaction": null, "monthly_satisfaction_month": "2037-01-01"}'
where id = '00000000-0000-0000-0000-0000000000b1';
set local session_replication_role = origin;

set local session_replication_role = replica;
delete from coffee.taste_records where user_id = '00000000-0000-0000-0000-0000000000a2';
set local session_replication_role = origin;
select is(coffee.aggregate_monthly_stats('2036-11-01'), 1::bigint, 'what was deleted');
select is((select count(*) from shown where month = '2036-11-01'), 1::bigint, 'has no row any more');

set local role coffee_read;
select is(
  (select s.monthly_satisfaction from coffee.v_subscriptions as s where s.subscription_id = '00000000-0000-0000-0000-0000000000b1'),
  null, 'it is shown with the subscription'
);
reset role;

select throws_ok('select coffee.aggregate_monthly_stats(''infinity'')', 'MF002', null, 'a month that can be computed');

select * from finish();
rollback;
