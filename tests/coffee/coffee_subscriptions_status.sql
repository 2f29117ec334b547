begin;
select plan(5);



set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select trigger_is('coffee', 'coffee_subscriptions', 'coffee_subscriptions_status', 'platform', 'check_transition', 'on update');
select throws_ok(
  $$insert into coffee.coffee_subscriptions (user_id, plan_id, type, price_per_month, shipping_address, anchor_at, status, cancelled_at)
    select t.user_id, t.plan_id, t.type, 1, '{"a": 1}', '2026-01-01', 'cancelled', now() from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)$$,
  'MP050', null, 'a new one is active'
);
select throws_ok($$update coffee.coffee_subscriptions set status = 'unpaid', past_due_since = now() where id = pg_temp.id(1)$$, 'MP050', null, 'active is not unpaid at once');
select coffee.cancel_subscription(pg_temp.id(2), pg_temp.u(2), 'now');
select throws_ok($$update coffee.coffee_subscriptions set status = 'lost' where id = pg_temp.id(1)$$, 'MP050', null, 'nor lost');
select lives_ok($$update coffee.coffee_subscriptions set status = 'past_due', past_due_since = now() where id = pg_temp.id(1)$$, 'what is listed is possible');

select * from finish();
rollback;
