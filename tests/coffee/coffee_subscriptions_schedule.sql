begin;
select plan(10);

select has_function('coffee', '_coffee_subscriptions_schedule', array[]::text[]);
select function_returns('coffee', '_coffee_subscriptions_schedule', array[]::text[], 'trigger');
select volatility_is('coffee', '_coffee_subscriptions_schedule', array[]::text[], 'volatile');
select isnt_definer('coffee', '_coffee_subscriptions_schedule', array[]::text[]);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select is((select t.next_billing_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)), '2026-01-31 09:00+09'::timestamptz, 'worked out');
update coffee.coffee_subscriptions set next_period = 1 where id = pg_temp.id(1);
select is((select t.next_billing_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)), '2026-02-28 09:00+09'::timestamptz, 'and again');
update coffee.coffee_subscriptions set next_period = 2, next_billing_at = '2026-03-31 09:00+09' where id = pg_temp.id(1);
select is((select t.next_billing_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)), '2026-03-31 09:00+09'::timestamptz, 'or written as it is');
select throws_ok($$update coffee.coffee_subscriptions set next_billing_at = '2026-03-30 09:00+09' where id = pg_temp.id(1)$$, 'MF030', null, 'a date of one''s own');
select throws_ok(
  $$update coffee.coffee_subscriptions set next_period = 3, next_billing_at = '2026-04-29 09:00+09' where id = pg_temp.id(1)$$, 'MF030', null, 'one that is not the anchor''s'
);
select throws_ok(
  $$insert into coffee.coffee_subscriptions (user_id, plan_id, type, price_per_month, shipping_address, anchor_at, next_billing_at)
    select t.user_id, t.plan_id, t.type, 1, '{"a": 1}', '2026-01-01', '2026-01-02' from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  'MF030', null, 'nor for a new one'
);

select * from finish();
rollback;
