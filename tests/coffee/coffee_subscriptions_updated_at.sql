begin;
select plan(3);



set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select trigger_is('coffee', 'coffee_subscriptions', 'coffee_subscriptions_updated_at', 'platform', 'update_updated_at', 'on update');
set local moadb.now = '2026-02-01 00:00+09';
update coffee.coffee_subscriptions set metadata = '{"a": 1}' where id = pg_temp.id(1);
select is((select t.updated_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)), '2026-02-01 00:00+09'::timestamptz, 'set');
update coffee.coffee_subscriptions set updated_at = '2026-03-01 00:00+09' where id = pg_temp.id(1);
select is((select t.updated_at from coffee.coffee_subscriptions as t where t.id = pg_temp.id(1)), '2026-03-01 00:00+09'::timestamptz, 'unless it was');

select * from finish();
rollback;
