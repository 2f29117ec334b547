begin;
select plan(10);

select has_function('coffee', '_check_plan_terms', array['jsonb', 'text[]']);
select function_returns('coffee', '_check_plan_terms', array['jsonb', 'text[]'], 'void');
select volatility_is('coffee', '_check_plan_terms', array['jsonb', 'text[]'], 'stable');
select isnt_definer('coffee', '_check_plan_terms', array['jsonb', 'text[]']);

select lives_ok($$select coffee._check_plan_terms('{"cutoff": 1}', '{}')$$, 'a term');
select lives_ok($$select coffee._check_plan_terms('{}', '{}')$$, 'none');
select throws_ok($$select coffee._check_plan_terms('{"id": 1}', '{}')$$, 'MF033', 'the plan is not accepted: id is no term that can be given here', 'a column that is no term');
select throws_ok($$select coffee._check_plan_terms('{"cutoff": 1}', '{cutoff}')$$, 'MF033', null, 'one that is taken');
select throws_ok($$select coffee._check_plan_terms('[]', '{}')$$, 'MF033', null, 'an array');
select throws_ok($$select coffee._check_plan_terms(null, '{}')$$, 'MF033', null, 'null');

select * from finish();
rollback;
