begin;
select plan(9);

select has_function('coffee', 'next_demand', array[]::text[]);
select function_returns('coffee', 'next_demand', array[]::text[], 'setof record');
select volatility_is('coffee', 'next_demand', array[]::text[], 'stable');
select is_definer('coffee', 'next_demand', array[]::text[]);
select ok(has_function_privilege('coffee_read', 'coffee.next_demand()', 'execute'), 'a view calls it with its reader''s rights');
select ok(not has_function_privilege('coffee_app', 'coffee.next_demand()', 'execute'), 'applications may not');

set local session_replication_role = replica;
insert into coffee.users (id, email) values ('00000000-0000-0000-0000-0000000000a1', 'a1@example.com');
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price, current_stock)
select ('00000000-0000-0000-0000-0000000000c' || n)::uuid, '00000000-0000-0000-0000-0000000000f0', '100g', 10000, 50 from generate_series(1, 3) as n;
insert into coffee.plans (id, code, name, type, price_per_month, items_per_box, unit)
values (-1, 'd-pick', 'p', 'monthly_pick', 10000, 2, '60g'), (-2, 'd-choice', 'c', 'my_choice', 20000, 2, '100g');
insert into coffee.coffee_subscriptions (
  id, user_id, plan_id, type, status, price_per_month, shipping_address, anchor_at, started_at, next_period, next_billing_at,
  pending_plan_id, pending_plan_period, pending_price
)
select
  '00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000a1', -1, 'monthly_pick', 'active', 10000, '{}',
  '2036-08-31 15:00+00', '2036-08-31 15:00+00', 3, '2036-11-30 15:00+00', -2, 4, 20000;
insert into coffee.subscription_items (subscription_id, valid_from, coffee_id, unit, quantity)
select '00000000-0000-0000-0000-0000000000b1', i.valid_from, ('00000000-0000-0000-0000-0000000000c' || i.coffee)::uuid, '100g', i.quantity
from (values (0, 3, 9), (4, 1, 2), (4, 2, 1)) as i (valid_from, coffee, quantity);
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id, unit, quantity, unit_price, replaces_coffee_id)
values
  ('00000000-0000-0000-0000-0000000000b1', 3, 'extra', '00000000-0000-0000-0000-0000000000c3', '100g', 4, 10000, null),
  ('00000000-0000-0000-0000-0000000000b1', 4, 'swap', '00000000-0000-0000-0000-0000000000c3', '100g', null, null,
    '00000000-0000-0000-0000-0000000000c1');
create function pg_temp.wanted() returns text language sql as $$
  select string_agg(coalesce(right(d.coffee_id::text, 2), '-') || ' ' || d.unit || '×' || d.wanted, ', ' order by d.coffee_id)
  from coffee.next_demand() as d
$$;
select is(pg_temp.wanted(), 'c3 100g×4, - 60g×2', 'the plan of the next box, and its extra; not the list of another plan');
update coffee.coffee_subscriptions set next_period = 4 where id = '00000000-0000-0000-0000-0000000000b1';
select is(pg_temp.wanted(), 'c2 100g×1, c3 100g×2', 'the plan that it changes to, with its list and the swap');
insert into coffee.period_changes (subscription_id, period_index, kind) values ('00000000-0000-0000-0000-0000000000b1', 4, 'skip');
select is(pg_temp.wanted(), null, 'a skipped box needs nothing');

select * from finish();
rollback;
