begin;
select plan(14);

select has_function('coffee', '_plans_keep', array[]::text[]);
select function_returns('coffee', '_plans_keep', array[]::text[], 'trigger');
select volatility_is('coffee', '_plans_keep', array[]::text[], 'volatile');
select isnt_definer('coffee', '_plans_keep', array[]::text[]);

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;
create temporary table s (n integer, id uuid, u uuid);
create function pg_temp.id(p_n integer) returns uuid language sql as 'select s.id from s where s.n = p_n';
create function pg_temp.u(p_n integer) returns uuid language sql as 'select s.u from s where s.n = p_n';
insert into s
select n, coffee.subscribe(u, coffee.create_plan('t' || n, 'T', 'monthly_pick', 30000), '{"a": 1}'), u
from generate_series(1, 3) as n cross join lateral (select ('c0000000-0000-0000-0000-00000000000' || n)::uuid as u) as u;

create temporary table p as select coffee.create_plan('free', 'F', 'monthly_pick', 1) as id;
select throws_ok('delete from coffee.plans', 'MF036', 'plans are neither deleted nor renumbered (delete)', 'deleted');
select throws_ok('truncate coffee.plans cascade', 'MF036', null, 'truncated');
select throws_ok('update coffee.plans set id = id + 1000 where code = ''t1''', 'MF036', null, 'renumbered');
select throws_ok($$update coffee.plans set type = 'blind_box' where code = 't1'$$, 'MF035', null, 'of another type, when somebody has it');
select throws_ok('update coffee.plans set interval_months = 2 where code = ''t1''', 'MF035', null, 'or length');
select throws_ok($$update coffee.plans set currency = 'USD' where code = 't1'$$, 'MF035', null, 'or currency');
select throws_ok($$update coffee.plans set unit = '60g' where code = 't1'$$, 'MF035', null, 'or size');
select lives_ok('update coffee.plans set price_per_month = 2, cutoff = ''1 day'' where code = ''t1''', 'the rest is free');
select lives_ok($$update coffee.plans set type = 'blind_box', unit = '60g' where code = 'free'$$, 'all is, before somebody has it');
select coffee.change_plan(pg_temp.id(1), pg_temp.u(1), p.id) from p;
select throws_ok($$update coffee.plans set type = 'monthly_pick' where code = 'free'$$, 'MF035', null, 'or is to have it');

select * from finish();
rollback;
