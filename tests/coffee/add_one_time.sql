begin;
select plan(28);

select has_function('coffee', 'add_one_time', array['uuid', 'uuid', 'uuid', 'text', 'integer', 'integer', 'text']);
select function_returns('coffee', 'add_one_time', array['uuid', 'uuid', 'uuid', 'text', 'integer', 'integer', 'text'], 'integer');
select volatility_is('coffee', 'add_one_time', array['uuid', 'uuid', 'uuid', 'text', 'integer', 'integer', 'text'], 'volatile');
select is_definer('coffee', 'add_one_time', array['uuid', 'uuid', 'uuid', 'text', 'integer', 'integer', 'text']);
select ok(has_function_privilege('coffee_app', 'coffee.add_one_time(uuid, uuid, uuid, text, integer, integer, text)', 'execute'), 'applications may call it');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
insert into coffee.roasters (id, name) values ('c0000000-0000-0000-0000-000000000010', 'r');
insert into coffee.coffees (id, name, roaster_id, origin_country, available_for_subscription)
select ('c0000000-0000-0000-0000-00000000001' || n)::uuid, 'c' || n, 'c0000000-0000-0000-0000-000000000010', 'Kenya', n < 5
from generate_series(1, 5) as n;
insert into coffee.coffee_inventory (coffee_id, roaster_id, unit, unit_price)
select c.id, c.roaster_id, '100g', 15000 from coffee.coffees as c where c.roaster_id = 'c0000000-0000-0000-0000-000000000010';
create function pg_temp.c(p_n integer) returns uuid language sql as $$select ('c0000000-0000-0000-0000-00000000001' || p_n)::uuid$$;
create function pg_temp.items(variadic p_n integer[]) returns jsonb language sql as $$
  select jsonb_agg(jsonb_build_object('coffee_id', pg_temp.c(n))) from unnest(p_n) as n
$$;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select
  n,
  case n
    when 1 then coffee.subscribe(u, coffee.create_plan('t1', 'T', 'my_choice', 30000), '{"a": 1}', p_items => pg_temp.items(1, 2))
    else coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}')
  end,
  u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select coffee.process_monthly_billing();
select is(coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), pg_temp.c(1)), 1, 'into the next box');
select is(coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), pg_temp.c(1), '100g', 2), 1, 'and two more');
select is(coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), pg_temp.c(2), p_request_key => 'k'), 1, 'and another');
select is(coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), pg_temp.c(2), p_request_key => 'k'), 1, 'once for one key');
select throws_ok('select coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), pg_temp.c(3), p_request_key => ''k'')', 'MP052', null, 'another request under it');
select results_eq(
  $$select c.coffee_id, c.unit::text, c.quantity, c.unit_price from coffee.period_changes as c where c.subscription_id = pg_temp.id(2) order by 1$$,
  $$values (pg_temp.c(1), '100g', 3, 15000.00), (pg_temp.c(2), '100g', 1, 15000.00)$$, 'they add up'
);
set local moadb.now = '2026-02-28 09:00+09';
select coffee.process_monthly_billing();
select is(
  (select b.amount from coffee.billing_periods as b where b.subscription_id = pg_temp.id(2) and b.period_index = 1), 90000.00, 'and are billed with it'
);
set local moadb.now = '2026-02-10 09:00+09';
select coffee.skip_period(pg_temp.id(1), pg_temp.u(1), 5);
select throws_ok('select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), p_period => 5)', 'MF038', 'period 5 is to be skipped', 'to a box that does not come');
select throws_ok('select coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), pg_temp.c(5))', 'MF031', null, 'one that is not offered');
select throws_ok('select coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), pg_temp.c(1), ''60g'')', 'MF031', null, 'in a size that is not');
select throws_ok('select coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), pg_temp.c(1), null, 0)', 'MF002', null, 'none of it');
select throws_ok('select coffee.add_one_time(pg_temp.id(2), pg_temp.u(2), null)', 'MF001', 'p_coffee_id is null', 'nothing');

select throws_ok('select coffee.add_one_time(null, pg_temp.u(1), pg_temp.c(1))', 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok('select coffee.add_one_time(pg_temp.id(1), pg_temp.u(3), pg_temp.c(1))', 'MF020', null, 'somebody else''s');

select throws_ok('select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), p_period => 0)', 'MF025', null, 'of a period that was billed');
select throws_ok('select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), p_period => 100)', 'MF002', null, 'of one that is far away');
set local moadb.now = '2026-02-26 09:00+09';
select throws_ok('select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), p_period => 1)', 'MF025', null, 'when it was billed');
select is(coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1)), 2, 'then it is the next');
select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(2), p_quantity => 20) from generate_series(1, 5) as n;
select throws_ok(
  'select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(2))', 'MF002', 'p_quantity 1 is not accepted: 100 are in the box, and it holds 100 of a coffee',
  'more than a box holds'
);
select is(
  (select c.quantity from coffee.period_changes as c where c.coffee_id = pg_temp.c(2) and c.period_index = 2), 100, 'what was added stays'
);
select coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(1), 'now');
select throws_ok('select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1))', 'MF024', null, 'of one that has ended');

-- a bag costs so many won, or so many dollars
update coffee.coffees set currency = 'USD', subscription_price_100g = 10.55 where id = pg_temp.c(3);
insert into s
select 4, coffee.subscribe(pg_temp.u(3), coffee.create_plan('t4', 'T', 'monthly_pick', 20, 'USD'), '{"a": 1}'), pg_temp.u(3);
select throws_ok(
  'select coffee.add_one_time(pg_temp.id(4), pg_temp.u(4), pg_temp.c(1))', 'MF002',
  format('p_coffee_id %s is not accepted: its price is in KRW, the subscription in USD', pg_temp.c(1)), 'won are no dollars'
);
select isnt(coffee.add_one_time(pg_temp.id(4), pg_temp.u(4), pg_temp.c(3)), null, 'dollars are');

select * from finish();
rollback;
