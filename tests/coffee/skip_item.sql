begin;
select plan(25);

select has_function('coffee', 'skip_item', array['uuid', 'uuid', 'uuid', 'text', 'integer']);
select function_returns('coffee', 'skip_item', array['uuid', 'uuid', 'uuid', 'text', 'integer'], 'integer');
select volatility_is('coffee', 'skip_item', array['uuid', 'uuid', 'uuid', 'text', 'integer'], 'volatile');
select is_definer('coffee', 'skip_item', array['uuid', 'uuid', 'uuid', 'text', 'integer']);
select ok(has_function_privilege('coffee_app', 'coffee.skip_item(uuid, uuid, uuid, text, integer)', 'execute'), 'applications may call it');

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
select is(coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1)), 1, 'left out of the next box');
select is(coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1)), 1, 'stays so');
select is(coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(2), '100g', 2), 2, 'of a later one');
select results_eq(
  $$select c.period_index, c.kind, c.coffee_id, c.unit::text from coffee.period_changes as c where c.subscription_id = pg_temp.id(1) order by 1$$,
  $$values (1, 'skip_item', pg_temp.c(1), null), (2, 'skip_item', pg_temp.c(2), '100g')$$, 'is kept'
);
select throws_ok('select coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(3))', 'MF032', null, 'one that is not in it');
select throws_ok('select coffee.skip_item(pg_temp.id(1), pg_temp.u(1), null)', 'MF001', 'p_coffee_id is null', 'none');
select throws_ok('select coffee.skip_item(pg_temp.id(2), pg_temp.u(2), pg_temp.c(1))', 'MF032', null, 'of a box that is filled by taste');

select throws_ok('select coffee.skip_item(null, pg_temp.u(1), pg_temp.c(1))', 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok('select coffee.skip_item(pg_temp.id(1), pg_temp.u(3), pg_temp.c(1))', 'MF020', null, 'somebody else''s');

select throws_ok('select coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), p_period => 0)', 'MF025', null, 'of a period that was billed');
select throws_ok('select coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), p_period => 100)', 'MF002', null, 'of one that is far away');
set local moadb.now = '2026-02-26 09:00+09';
select throws_ok('select coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), p_period => 1)', 'MF026', null, 'after the cut-off');
select throws_ok(
  'select coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1))', 'MF041', 'nothing would be left in the box of period 2', 'the last one'
);
select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(3));
select throws_ok('select coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1))', 'MF041', null, 'an extra is paid for beside it');
select coffee.swap_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(2), pg_temp.c(4));
select is(coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1)), 2, 'then it is the next; what is swapped in stays');
select throws_ok(
  $$select coffee.undo_change(pg_temp.id(1), pg_temp.u(1), c.id) from coffee.period_changes as c where c.kind = 'swap'$$, 'MF041', null,
  'and cannot be taken out again'
);
delete from coffee.period_changes as c where c.kind = 'swap';
select throws_ok('select coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(1))', 'MF041', null, 'nor is what was left out chosen alone');
select is(coffee.set_items(pg_temp.id(1), pg_temp.u(1), pg_temp.items(1, 3)), 2, 'but with another');
select throws_ok(
  $$select coffee.change_plan(pg_temp.id(1), pg_temp.u(1), coffee.create_plan('t9', 'T', 'my_choice', 30000), p_items => pg_temp.items(1))$$,
  'MF041', null, 'by a change of plan'
);
select coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(1), 'now');
select throws_ok('select coffee.skip_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1))', 'MF024', null, 'of one that has ended');

select * from finish();
rollback;
