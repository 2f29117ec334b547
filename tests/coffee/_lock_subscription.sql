begin;
select plan(9);

select has_function('coffee', '_lock_subscription', array['uuid', 'uuid']);
select function_returns('coffee', '_lock_subscription', array['uuid', 'uuid'], 'coffee.coffee_subscriptions');
select volatility_is('coffee', '_lock_subscription', array['uuid', 'uuid'], 'volatile');
select isnt_definer('coffee', '_lock_subscription', array['uuid', 'uuid']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select is((coffee._lock_subscription(pg_temp.id(1), pg_temp.u(1))).id, pg_temp.id(1), 'one''s own');
select throws_ok('select coffee._lock_subscription(pg_temp.id(1), pg_temp.u(2))', 'MF020', null, 'somebody else''s');
select throws_ok(
  'select coffee._lock_subscription(''00000000-0000-0000-0000-000000000000'', pg_temp.u(2))', 'MF020',
  'there is no subscription 00000000-0000-0000-0000-000000000000', 'none'
);
select throws_ok('select coffee._lock_subscription(null, pg_temp.u(2))', 'MF001', 'p_subscription_id is null', 'nothing');
select throws_ok('select coffee._lock_subscription(pg_temp.id(1), null)', 'MF001', 'p_user_id is null', 'nobody');

select * from finish();
rollback;
