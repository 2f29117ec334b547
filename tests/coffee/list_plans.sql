begin;
select plan(7);

select has_function('coffee', 'list_plans', array['boolean']);
select function_returns('coffee', 'list_plans', array['boolean'], 'setof coffee.plans');
select volatility_is('coffee', 'list_plans', array['boolean'], 'stable');
select is_definer('coffee', 'list_plans', array['boolean']);
select ok(has_function_privilege('coffee_app', 'coffee.list_plans(boolean)', 'execute'), 'applications may call it');

select coffee.create_plan('t-b', 'B', 'blind_box', 999999001);
select coffee.create_plan('t-a', 'A', 'blind_box', 999999000);
select coffee.create_plan('t-c', 'C', 'blind_box', 999999002, p_terms => '{"is_active": false}');
select results_eq(
  $$select l.code from coffee.list_plans() as l where l.code like 't-_'$$, $$values ('t-a'), ('t-b')$$, 'those that are offered, the cheapest first'
);
select results_eq(
  $$select l.code from coffee.list_plans(false) as l where l.code like 't-_'$$, $$values ('t-a'), ('t-b'), ('t-c')$$, 'all'
);

select * from finish();
rollback;
