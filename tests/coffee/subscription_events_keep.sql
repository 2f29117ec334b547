begin;
select plan(4);



set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select trigger_is('coffee', 'subscription_events', 'subscription_events_keep', 'coffee', '_keep_rows', 'on delete, update and truncate');
select throws_ok($$update coffee.subscription_events set event = 'lie'$$, 'MF003', null, 'rewritten');
select throws_ok('delete from coffee.subscription_events', 'MF003', null, 'deleted');
select throws_ok('truncate coffee.subscription_events', 'MF003', null, 'truncated');

select * from finish();
rollback;
