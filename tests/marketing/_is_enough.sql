begin;
select plan(9);

select has_function('marketing', '_is_enough', array['jsonb', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select volatility_is('marketing', '_is_enough', array['jsonb', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'immutable');
select isnt_definer('marketing', '_is_enough', array['jsonb', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric']);
select function_privs_are('marketing', '_is_enough', array['jsonb', 'numeric', 'numeric', 'numeric', 'numeric', 'numeric'], 'marketing_app', '{}');
select ok(marketing._is_enough('{}', null, null, null, null, null), 'nothing is asked for');
select ok(marketing._is_enough('{"clicks": 10, "cost": 0.5}', null, 10, 0.5, null, null), 'as much as is asked for');
select ok(not marketing._is_enough('{"clicks": 10, "cost": 0.5}', 99, 9, 1, 99, 99), 'one is less');
select ok(not marketing._is_enough('{"clicks": 10}', 99, null, 1, 99, 99), 'one is not known');
select results_eq(
  $$ select n from generate_series(1, 5) as n where not marketing._is_enough(
    jsonb_build_object((array['impressions', 'clicks', 'cost', 'conversions', 'revenue'])[n], 2),
    case n when 1 then 1 else 2 end, case n when 2 then 1 else 2 end, case n when 3 then 1 else 2 end, case n when 4 then 1 else 2 end,
    case n when 5 then 1 else 2 end) $$,
  $$ values (1), (2), (3), (4), (5) $$, 'each is looked at'
);

select * from finish();
rollback;
