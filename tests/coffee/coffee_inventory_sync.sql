begin;
select plan(14);

set local moadb.now = '2026-11-20 12:00+00';
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country, subscription_price_60g, subscription_price_100g) values
  ('00000000-0000-0000-0000-0000000000c1', 'Coffee', '00000000-0000-0000-0000-0000000000a1', 'Kenya', 12000, 18000),
  ('00000000-0000-0000-0000-0000000000c2', 'Other', '00000000-0000-0000-0000-0000000000a1', 'Peru', 12000, 18000);

update coffee.coffees set available_for_subscription = true;
insert into coffee.users (id, email) select ('00000000-0000-0000-0000-0000000000e' || n)::uuid, 'user' || n || '@example.com' from generate_series(1, 7) as n;
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 40, '2026-11-18'), coffee.receive_stock('00000000-0000-0000-0000-0000000000c2', '100g', 40, '2026-11-18'), coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '60g', 40, '2026-11-18');
select set_config('test.choice', coffee.create_plan('choice', 'My choice', 'my_choice', 30000, p_terms => '{"items_per_box": 2}')::text, true);
select set_config('test.small', coffee.create_plan('small', 'Small', 'my_choice', 20000, p_terms => '{"unit": "60g", "items_per_box": 1}')::text, true);
select set_config('test.blind', coffee.create_plan('blind', 'Blind box', 'blind_box', 30000)::text, true);
create function pg_temp.subscribe(p_user integer, p_items jsonb, p_plan text default 'choice') returns uuid language sql as $$
  select coffee.subscribe(
    ('00000000-0000-0000-0000-0000000000e' || $1)::uuid, current_setting('test.' || $3)::bigint, '{"line": "Seoul"}', p_items => $2
  )
$$;
create temporary table subscribed on commit drop as
select n.n, pg_temp.subscribe(n.n, n.items, case n.n when 4 then 'small' when 7 then 'blind' else 'choice' end) as id
from (values
  (1, '[{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "100g", "quantity": 1}]'::jsonb),
  (2, '[{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "100g", "quantity": 1}, {"coffee_id": "00000000-0000-0000-0000-0000000000c2", "unit": "100g", "quantity": 1}]'),
  (3, '[{"coffee_id": "00000000-0000-0000-0000-0000000000c2", "unit": "100g", "quantity": 1}]'),
  (4, '[{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "60g", "quantity": 1}]'),
  (5, '[{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "100g", "quantity": 1}]'),
  (6, '[{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "100g", "quantity": 1}]'),
  (7, null)
) as n (n, items);
-- one has two subscriptions, one has skipped the next box, one has ended
select pg_temp.subscribe(1, '[{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "100g", "quantity": 1}]');
insert into coffee.period_changes (subscription_id, period_index, kind) select s.id, 0, 'skip' from subscribed as s where s.n = 5;
select coffee.cancel_subscription(s.id, '00000000-0000-0000-0000-0000000000e6', 'now', 'enough') from subscribed as s where s.n = 6;

select has_function('coffee', 'sync_subscription_inventory', array[]::name[]);
select trigger_is('coffee', 'coffee_inventory', 'sync_subscription_inventory_trigger', 'coffee', 'sync_subscription_inventory');
prepare told as select u.email::text, n.type, n.content from coffee.notifications as n join coffee.users as u on u.id = n.user_id where n.type = 'stock_alert' order by 1, n.id;
prepare tasks as select t.payload ->> 'name', t.payload ->> 'available' from platform.tasks as t where t.topic = 'coffee.low_stock' order by t.id;

select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 29, '2026-12-01', null) as r;
select is_empty('told', 'eleven are left');
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 1, '2026-12-01', null) as r;
select results_eq(
  'told',
  $$values ('user1@example.com', 'stock_alert', '"Coffee" 재고가 얼마 남지 않았습니다!'), ('user2@example.com', 'stock_alert', '"Coffee" 재고가 얼마 남지 않았습니다!')$$,
  'ten are left, promised ones not among them: whoever has it in the next box is told, once'
);
select results_eq('tasks', $$values ('Coffee', '10')$$, 'and purchasing');
select results_eq(
  'select n.metadata from coffee.notifications as n where n.type = ''stock_alert'' limit 1',
  $$values ('{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "100g", "current_stock": 40, "available": 10}'::jsonb)$$, 'with the numbers'
);
select r.lot_id from coffee._reserve_stock('00000000-0000-0000-0000-0000000000c1', '100g', 1, '2026-12-01', null) as r;
update coffee.coffee_inventory set min_stock_alert = 11 where unit = '100g';
select is((select count(*) from coffee.notifications as n where n.type = 'stock_alert'), 2::bigint, 'below the mark nobody is told again');

select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 2, '2026-11-19');
select coffee.adjust_stock((select max(l.id) from coffee.stock_lots as l), -1, 'broken');
select is((select count(*) from coffee.notifications as n where n.type = 'stock_alert'), 2::bigint, 'nor when it stays at the mark');
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 5, '2026-11-19');
update coffee.coffee_inventory set current_stock = current_stock - 6 where coffee_id = '00000000-0000-0000-0000-0000000000c1' and unit = '100g';
select is((select count(*) from coffee.notifications as n where n.type = 'stock_alert'), 4::bigint, 'it has risen and falls again: they are told again');
select results_eq('tasks', $$values ('Coffee', '10'), ('Coffee', '9')$$, 'and purchasing, too');

-- what lies in a box that is packed
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select is((select count(*) from coffee.order_items as i join coffee.subscription_orders as o on o.id = i.order_id where o.is_blind), 2::bigint, 'a blind box holds something');
select is((select count(*) from coffee.notifications as n where n.user_id = '00000000-0000-0000-0000-0000000000e7' and n.type = 'stock_alert'), 0::bigint, 'of which its owner is told nothing');

-- the next box is that of the plan that will be in force, if there will be one
insert into coffee.users (id, email) select ('00000000-0000-0000-0000-0000000000d' || n)::uuid, 'later' || n || '@example.com' from generate_series(1, 4) as n;
create temporary table later on commit drop as
select n.n, ('00000000-0000-0000-0000-0000000000d' || n.n)::uuid as user_id, coffee.subscribe(
  ('00000000-0000-0000-0000-0000000000d' || n.n)::uuid, current_setting(case n.n when 1 then 'test.blind' else 'test.choice' end)::bigint,
  '{"line": "Seoul"}', p_items => case when n.n > 1 then '[{"coffee_id": "00000000-0000-0000-0000-0000000000c2", "unit": "100g", "quantity": 1}]'::jsonb end
) as id
from generate_series(1, 4) as n;
select coffee.process_monthly_billing();
select coffee.assemble_boxes();
select coffee.record_charge_result(j.job_id, j.lease_token, 'succeeded', 'paid-' || j.job_id) from coffee.claim_billing_jobs(100) as j;
select coffee.set_items(l.id, l.user_id, '[{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "100g", "quantity": 1}]') from later as l where l.n > 1;
select coffee.change_plan(
  l.id, l.user_id, current_setting(case l.n when 1 then 'test.choice' else 'test.blind' end)::bigint, 'period_end',
  case l.n when 1 then '[{"coffee_id": "00000000-0000-0000-0000-0000000000c1", "unit": "100g", "quantity": 1}]'::jsonb end
)
from later as l
where l.n < 3;
select coffee.cancel_subscription(l.id, l.user_id) from later as l where l.n = 3;
select coffee.pause_subscription(l.id, l.user_id, 'period_end') from later as l where l.n = 4;
select is(
  (select count(*) from coffee.coffee_inventory as i where i.coffee_id = '00000000-0000-0000-0000-0000000000c1' and i.unit = '100g' and i.low_stock_since is not null),
  1::bigint, 'the stock is low'
);
select coffee.receive_stock('00000000-0000-0000-0000-0000000000c1', '100g', 40, '2026-11-19');
update coffee.coffee_inventory set current_stock = reserved_stock + 1 where coffee_id = '00000000-0000-0000-0000-0000000000c1' and unit = '100g';
select results_eq(
  $$select l.n from coffee.notifications as n join later as l on l.user_id = n.user_id where n.type = 'stock_alert'$$, 'values (1)',
  'who has chosen it for the plan to come is told; who will have picked boxes, ends or pauses before the next box is not'
);

select * from finish();
rollback;
