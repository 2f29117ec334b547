begin;
select plan(13);

select has_function('coffee', '_coffee_subscriptions_keep', array[]::text[]);
select function_returns('coffee', '_coffee_subscriptions_keep', array[]::text[], 'trigger');
select volatility_is('coffee', '_coffee_subscriptions_keep', array[]::text[], 'volatile');
select isnt_definer('coffee', '_coffee_subscriptions_keep', array[]::text[]);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select throws_ok('delete from coffee.coffee_subscriptions', 'MF029', 'subscriptions keep what they are (delete)', 'deleted');
select throws_ok('truncate coffee.coffee_subscriptions cascade', 'MF029', null, 'truncated');
select throws_ok('update coffee.coffee_subscriptions set user_id = pg_temp.u(2) where id = pg_temp.id(1)', 'MF029', null, 'given away');
select throws_ok($$update coffee.coffee_subscriptions set currency = 'USD' where id = pg_temp.id(1)$$, 'MF029', null, 'in another currency');
select throws_ok('update coffee.coffee_subscriptions set id = gen_random_uuid() where id = pg_temp.id(1)', 'MF029', null, 'another');
select coffee.process_monthly_billing();
select throws_ok('update coffee.coffee_subscriptions set next_period = 0 where id = pg_temp.id(1)', 'MF029', null, 'billed again');
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'now');
select throws_ok('update coffee.coffee_subscriptions set next_period = 9 where id = pg_temp.id(2)', 'MF029', null, 'billed after its end');
select throws_ok('update coffee.coffee_subscriptions set cancelled_at = null where id = pg_temp.id(2)', 'MF029', null, 'revived');
select lives_ok($$update coffee.coffee_subscriptions set metadata = '{"a": 1}' where id = pg_temp.id(2)$$, 'what is said about it may be written');

select * from finish();
rollback;
