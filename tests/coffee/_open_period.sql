begin;
select plan(10);

select has_function('coffee', '_open_period', array['coffee.coffee_subscriptions', 'integer']);
select function_returns('coffee', '_open_period', array['coffee.coffee_subscriptions', 'integer'], 'integer');
select volatility_is('coffee', '_open_period', array['coffee.coffee_subscriptions', 'integer'], 'stable');
select isnt_definer('coffee', '_open_period', array['coffee.coffee_subscriptions', 'integer']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

create function pg_temp.open(p_n integer, p_period integer) returns integer language sql as $$
  select coffee._open_period(t, p_period) from coffee.coffee_subscriptions as t where t.id = pg_temp.id(p_n)
$$;
select coffee.process_monthly_billing();
select is(pg_temp.open(1, null), 1, 'the first');
select is(pg_temp.open(1, 5), 5, 'a later one');
select throws_ok('select pg_temp.open(1, 0)', 'MF025', null, 'one that was billed');
select throws_ok('select pg_temp.open(1, 62)', 'MF002', null, 'one that is far away');
set local moadb.now = '2026-02-26 09:00+09';
select throws_ok('select pg_temp.open(1, 1)', 'MF026', null, 'after its cut-off');
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'now');
select throws_ok('select pg_temp.open(2, null)', 'MF024', null, 'of one that has ended');

select * from finish();
rollback;
