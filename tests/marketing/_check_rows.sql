begin;
select plan(12);

select has_function('marketing', '_check_rows', array['jsonb']);
select function_returns('marketing', '_check_rows', array['jsonb'], 'void');
select volatility_is('marketing', '_check_rows', array['jsonb'], 'stable');
select isnt_definer('marketing', '_check_rows', array['jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_rows(jsonb)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_rows(jsonb)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._check_rows(jsonb)', 'execute'), 'readers may not');

select lives_ok($$ select marketing._check_rows('[]') $$, 'no rows');
select lives_ok($$ select marketing._check_rows('[{"a": 1}]') $$, 'a row');
select throws_ok($$ select marketing._check_rows(null) $$, 'MM004', 'p_rows is null', 'nothing');
select throws_ok($$ select marketing._check_rows('{}') $$, 'MM005', 'p_rows object is not accepted: it is a JSON array of objects', 'an object');
select throws_ok($$ select marketing._check_rows('[{}, 1]') $$, 'MM050', null, 'a number for a row');

select * from finish();
rollback;
