begin;
select plan(11);

select has_function('coffee', '_coffee_subscriptions_users', array[]::text[]);
select function_returns('coffee', '_coffee_subscriptions_users', array[]::text[], 'trigger');
select volatility_is('coffee', '_coffee_subscriptions_users', array[]::text[], 'volatile');
select isnt_definer('coffee', '_coffee_subscriptions_users', array[]::text[]);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

create function pg_temp.copy() returns text language sql as $$
  select format('%s %s %s %s', u.subscription_tier, u.subscription_type, (u.subscription_expires_at at time zone 'UTC')::date, u.lab_pro_active)
  from coffee.users as u where u.id = pg_temp.u(1)
$$;
select is(pg_temp.copy(), 'subscriber monthly_pick  t', 'subscribed');
update coffee.coffee_subscriptions set status = 'past_due', past_due_since = '2026-02-01', grace_until = '2026-02-08 00:00+00' where id = pg_temp.id(1);
select is(pg_temp.copy(), 'subscriber monthly_pick 2026-02-08 t', 'past due: to the end of the grace');
update coffee.coffee_subscriptions set grace_until = null where id = pg_temp.id(1);
select is(pg_temp.copy(), 'free   f', 'when that is over: none');
update coffee.coffee_subscriptions set status = 'active' where id = pg_temp.id(1);
select is(pg_temp.copy(), 'subscriber monthly_pick  t', 'paid');
update coffee.coffee_subscriptions set includes_lab_pro = false where id = pg_temp.id(1);
select is(pg_temp.copy(), 'subscriber monthly_pick  f', 'another plan');
create temporary table before as select u.xmin::text as version from coffee.users as u where u.id = pg_temp.u(1);
update coffee.coffee_subscriptions set next_period = 1 where id = pg_temp.id(1);
select is((select u.xmin::text from coffee.users as u where u.id = pg_temp.u(1)), (select b.version from before as b), 'a bill leaves the user alone');
select coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(1), 'now');
select is(pg_temp.copy(), 'free   f', 'none left');

select * from finish();
rollback;
