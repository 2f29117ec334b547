begin;
select plan(15);

select has_function('coffee', 'undo_change', array['uuid', 'uuid', 'bigint']);
select function_returns('coffee', 'undo_change', array['uuid', 'uuid', 'bigint'], 'integer');
select volatility_is('coffee', 'undo_change', array['uuid', 'uuid', 'bigint'], 'volatile');
select is_definer('coffee', 'undo_change', array['uuid', 'uuid', 'bigint']);
select ok(has_function_privilege('coffee_app', 'coffee.undo_change(uuid, uuid, bigint)', 'execute'), 'applications may call it');

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
select coffee.swap_item(pg_temp.id(1), pg_temp.u(1), pg_temp.c(1), pg_temp.c(3));
select coffee.skip_period(pg_temp.id(1), pg_temp.u(1), 2);
select coffee.add_one_time(pg_temp.id(1), pg_temp.u(1), pg_temp.c(4), p_period => 1);
create temporary table ch as select c.id, c.period_index, c.kind from coffee.period_changes as c where c.subscription_id = pg_temp.id(1);
select results_eq(
  'select coffee.undo_change(pg_temp.id(1), pg_temp.u(1), ch.id) from ch where ch.kind <> ''extra'' order by ch.id', 'values (1), (2)', 'taken back'
);
select results_eq(
  $$select c.kind from coffee.period_changes as c where c.subscription_id = pg_temp.id(1)$$, $$values ('extra')$$, 'the other stays'
);
select throws_ok('select coffee.undo_change(pg_temp.id(1), pg_temp.u(1), ch.id) from ch where ch.kind = ''skip''', 'MF039', null, 'once');
select throws_ok('select coffee.undo_change(pg_temp.id(2), pg_temp.u(2), ch.id) from ch where ch.kind = ''extra''', 'MF039', null, 'another subscription''s');
select throws_ok('select coffee.undo_change(pg_temp.id(1), pg_temp.u(1), null)', 'MF001', 'p_change_id is null', 'none');
select throws_ok('select coffee.undo_change(null, pg_temp.u(1), 1)', 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok('select coffee.undo_change(pg_temp.id(1), pg_temp.u(3), 1)', 'MF020', null, 'somebody else''s');
set local moadb.now = '2026-02-26 09:00+09';
select throws_ok('select coffee.undo_change(pg_temp.id(1), pg_temp.u(1), ch.id) from ch where ch.kind = ''extra''', 'MF026', null, 'after the cut-off');
set local moadb.now = '2026-02-28 09:00+09';
select coffee.process_monthly_billing();
select throws_ok('select coffee.undo_change(pg_temp.id(1), pg_temp.u(1), ch.id) from ch where ch.kind = ''extra''', 'MF025', null, 'when it was billed');
select coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(1), 'now');
select throws_ok('select coffee.undo_change(pg_temp.id(1), pg_temp.u(1), ch.id) from ch where ch.kind = ''extra''', 'MF024', null, 'of one that has ended');

select * from finish();
rollback;
