begin;
select plan(7);

select has_function('coffee', '_refuse_billed_period', array['uuid', 'integer']);
select function_returns('coffee', '_refuse_billed_period', array['uuid', 'integer'], 'void');
select volatility_is('coffee', '_refuse_billed_period', array['uuid', 'integer'], 'stable');
select isnt_definer('coffee', '_refuse_billed_period', array['uuid', 'integer']);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

select lives_ok('select coffee._refuse_billed_period(pg_temp.id(1), 0)', 'not billed');
select coffee.process_monthly_billing();
select throws_ok('select coffee._refuse_billed_period(pg_temp.id(1), 0)', 'MF025', 'period 0 has been billed', 'billed');
select lives_ok('select coffee._refuse_billed_period(pg_temp.id(1), 1)', 'the next');

select * from finish();
rollback;
