begin;
select plan(12);

select has_function('marketing', '_check_terms', array['jsonb', 'text[]']);
select function_returns('marketing', '_check_terms', array['jsonb', 'text[]'], 'void');
select volatility_is('marketing', '_check_terms', array['jsonb', 'text[]'], 'stable');
select isnt_definer('marketing', '_check_terms', array['jsonb', 'text[]']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_terms(jsonb, text[])', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_terms(jsonb, text[])', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._check_terms(jsonb, text[])', 'execute'), 'readers may not');

select lives_ok($$ select marketing._check_terms('{"a": 1}', '{a,b}') $$, 'known keys');
select lives_ok($$ select marketing._check_terms('{}', '{a}') $$, 'none');
select throws_ok($$ select marketing._check_terms('{"c": 1}', '{a,b}') $$, 'MM012', 'the values are not accepted: c cannot be given', 'one that is not');
select throws_ok($$ select marketing._check_terms('[]', '{a}') $$, 'MM012', null, 'no object');
select throws_ok($$ select marketing._check_terms(null, '{a}') $$, 'MM012', null, 'nothing');

select * from finish();
rollback;
