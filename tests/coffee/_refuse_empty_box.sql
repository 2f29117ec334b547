begin;
select plan(9);

select has_function('coffee', '_refuse_empty_box', array['uuid', 'integer']);
select function_returns('coffee', '_refuse_empty_box', array['uuid', 'integer'], 'void');
select volatility_is('coffee', '_refuse_empty_box', array['uuid', 'integer'], 'volatile');
select isnt_definer('coffee', '_refuse_empty_box', array['uuid', 'integer']);
select ok(not has_function_privilege('coffee_app', 'coffee._refuse_empty_box(uuid, integer)', 'execute'), 'applications may not call it');

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

insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id)
select pg_temp.id(1), 2, 'skip_item', pg_temp.c(n) from generate_series(1, 1) as n;
select lives_ok('select coffee._refuse_empty_box(pg_temp.id(1), 0)', 'one of two');
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id) values (pg_temp.id(1), 2, 'skip_item', pg_temp.c(2));
select throws_ok('select coffee._refuse_empty_box(pg_temp.id(1), 0)', 'MF041', 'nothing would be left in the box of period 2', 'both');
select lives_ok('select coffee._refuse_empty_box(pg_temp.id(1), 3)', 'of a period before');
insert into coffee.period_changes (subscription_id, period_index, kind, coffee_id) values (pg_temp.id(2), 2, 'skip_item', pg_temp.c(2));
select lives_ok('select coffee._refuse_empty_box(pg_temp.id(2), 0)', 'of a box that is filled by taste');

select * from finish();
rollback;
