begin;
select plan(5);

select has_function('coffee', '_record_event', array['uuid', 'text', 'jsonb']);
select function_returns('coffee', '_record_event', array['uuid', 'text', 'jsonb'], 'void');
select volatility_is('coffee', '_record_event', array['uuid', 'text', 'jsonb'], 'volatile');
select isnt_definer('coffee', '_record_event', array['uuid', 'text', 'jsonb']);

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
select coffee._record_event(pg_temp.id(1), 'spoken', '{"a": 1, "b": null}');
select results_eq(
  $$select e.event, e.from_status, e.to_status, e.details, e.actor, e.created_at from coffee.subscription_events as e
    where e.subscription_id = pg_temp.id(1) and e.event <> 'subscribed'$$,
  $$values ('spoken', 'active', 'active', '{"a": 1}'::jsonb, 'somebody', '2026-01-31 09:00+09'::timestamptz)$$, 'what was said, by whom and when'
);

select * from finish();
rollback;
