begin;
select plan(10);

select has_function('coffee', '_keep_billed', array[]::text[]);
select function_returns('coffee', '_keep_billed', array[]::text[], 'trigger');
select volatility_is('coffee', '_keep_billed', array[]::text[], 'volatile');
select isnt_definer('coffee', '_keep_billed', array[]::text[]);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

insert into coffee.period_changes (subscription_id, period_index, kind) values (pg_temp.id(1), 0, 'skip'), (pg_temp.id(1), 1, 'skip');
select coffee.process_monthly_billing();
select throws_ok('delete from coffee.period_changes where subscription_id = pg_temp.id(1) and period_index = 0', 'MF025', null, 'deleted');
select throws_ok('update coffee.period_changes set period_index = 2 where subscription_id = pg_temp.id(1) and period_index = 0', 'MF025', null, 'moved away');
select throws_ok('update coffee.period_changes set period_index = 0 where subscription_id = pg_temp.id(1) and period_index = 1', 'MF025', null, 'moved there');
select throws_ok($$insert into coffee.period_changes (subscription_id, period_index, kind) values (pg_temp.id(2), 0, 'skip')$$, 'MF025', null, 'added');
select lives_ok('delete from coffee.period_changes where subscription_id = pg_temp.id(1) and period_index = 1', 'what has not been billed may change');
select throws_ok('truncate coffee.period_changes', 'MF003', null, 'not all at once');

select * from finish();
rollback;
