begin;
select plan(12);

select has_function('coffee', 'retire_plan', array['bigint']);
select function_returns('coffee', 'retire_plan', array['bigint'], 'void');
select volatility_is('coffee', 'retire_plan', array['bigint'], 'volatile');
select is_definer('coffee', 'retire_plan', array['bigint']);
select ok(has_function_privilege('coffee_admin', 'coffee.retire_plan(bigint)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coffee_app', 'coffee.retire_plan(bigint)', 'execute'), 'applications may not');

set local moadb.now = '2026-01-31 09:00+09';
insert into coffee.users (id, email)
select ('c0000000-0000-0000-0000-00000000000' || n)::uuid, n || '@example.com' from generate_series(1, 3) as n;

create temporary table p as select coffee.create_plan('t1', 'One', 'monthly_pick', 30000) as id;
select coffee.subscribe('c0000000-0000-0000-0000-000000000001', p.id, '{"a": 1}') from p;
select lives_ok('select coffee.retire_plan(p.id) from p', 'retired');
select lives_ok('select coffee.retire_plan(p.id) from p', 'stays so');
select is((select l.is_active from coffee.plans as l join p on p.id = l.id), false, 'it is not offered');
select is(coffee.process_monthly_billing(), 1::bigint, 'who has it goes on');
select throws_ok('select coffee.retire_plan(-1)', 'MF021', null, 'no plan');
select throws_ok('select coffee.retire_plan(null)', 'MF001', 'p_plan_id is null', 'nothing');

select * from finish();
rollback;
