begin;
select plan(5);

select has_function('coffee', '_coffee_subscriptions_events', array[]::text[]);
select function_returns('coffee', '_coffee_subscriptions_events', array[]::text[], 'trigger');
select volatility_is('coffee', '_coffee_subscriptions_events', array[]::text[], 'volatile');
select isnt_definer('coffee', '_coffee_subscriptions_events', array[]::text[]);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select platform.set_actor('somebody');
update coffee.coffee_subscriptions set status = 'past_due', past_due_since = '2026-02-01', grace_until = '2026-02-08' where id = pg_temp.id(1);
update coffee.coffee_subscriptions set metadata = '{"a": 1}' where id = pg_temp.id(1);
update coffee.coffee_subscriptions set status = 'active' where id = pg_temp.id(1);
select coffee.cancel_subscription(pg_temp.id(1), pg_temp.u(1), 'now', 'why');
select results_eq(
  $$select e.event, e.from_status, e.to_status, e.actor = 'somebody', e.details ->> 'reason'
    from coffee.subscription_events as e where e.subscription_id = pg_temp.id(1) order by e.id$$,
  $$values
    ('subscribed', null, 'active', false, null), ('past_due', 'active', 'past_due', true, null), ('recovered', 'past_due', 'active', true, null),
    ('cancelled', 'active', 'cancelled', true, 'why')$$,
  'each change of status, and nothing else'
);

select * from finish();
rollback;
