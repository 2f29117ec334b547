begin;
select plan(8);

select has_function('coffee', '_find_plan', array['bigint']);
select function_returns('coffee', '_find_plan', array['bigint'], 'coffee.plans');
select volatility_is('coffee', '_find_plan', array['bigint'], 'volatile');
select isnt_definer('coffee', '_find_plan', array['bigint']);

create temporary table p as select coffee.create_plan('t1', 'One', 'monthly_pick', 30000) as id;
select is((coffee._find_plan(p.id)).code, 't1', 'found') from p;
select coffee.retire_plan(p.id) from p;
select throws_ok('select coffee._find_plan(p.id) from p', 'MF022', 'plan t1 is not offered any more', 'retired');
select throws_ok('select coffee._find_plan(-1)', 'MF021', 'there is no plan -1', 'none');
select throws_ok('select coffee._find_plan(null)', 'MF001', 'p_plan_id is null', 'nothing');

select * from finish();
rollback;
