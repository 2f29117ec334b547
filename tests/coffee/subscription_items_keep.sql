begin;
select plan(13);

select has_function('coffee', '_keep_billed', array[]::text[]);
select function_returns('coffee', '_keep_billed', array[]::text[], 'trigger');
select volatility_is('coffee', '_keep_billed', array[]::text[], 'volatile');
select isnt_definer('coffee', '_keep_billed', array[]::text[]);

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

select lives_ok('update coffee.subscription_items set quantity = 2 where subscription_id = pg_temp.id(1) and coffee_id = pg_temp.c(1)', 'before the period is billed');
select coffee.process_monthly_billing();
select throws_ok('update coffee.subscription_items set quantity = 1 where subscription_id = pg_temp.id(1)', 'MF025', null, 'not after');
select throws_ok('delete from coffee.subscription_items where subscription_id = pg_temp.id(1)', 'MF025', null, 'nor deleted');
select throws_ok('insert into coffee.subscription_items select i.subscription_id, 0, pg_temp.c(3), i.unit, 1 from coffee.subscription_items as i limit 1', 'MF025', null, 'nor added');
select throws_ok('update coffee.subscription_items set valid_from = 1 where subscription_id = pg_temp.id(1)', 'MF025', null, 'nor moved');
select lives_ok('insert into coffee.subscription_items select i.subscription_id, 1, pg_temp.c(3), i.unit, 1 from coffee.subscription_items as i limit 1', 'for the next period');
select throws_ok('update coffee.subscription_items set valid_from = 0 where valid_from = 1', 'MF025', null, 'and not back');
select lives_ok('delete from coffee.subscription_items where valid_from = 1', 'they may go');
select throws_ok('truncate coffee.subscription_items', 'MF003', null, 'all of them may not');

select * from finish();
rollback;
