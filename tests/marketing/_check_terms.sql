begin;
select plan(14);

select has_function('marketing', '_check_terms', array['jsonb', 'text[]', 'jsonb']);
select function_returns('marketing', '_check_terms', array['jsonb', 'text[]', 'jsonb'], 'void');
select volatility_is('marketing', '_check_terms', array['jsonb', 'text[]', 'jsonb'], 'stable');
select isnt_definer('marketing', '_check_terms', array['jsonb', 'text[]', 'jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_terms(jsonb, text[], jsonb)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_terms(jsonb, text[], jsonb)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._check_terms(jsonb, text[], jsonb)', 'execute'), 'readers may not');

select lives_ok($$ select marketing._check_terms('{"a": 1}', '{a,b}') $$, 'known keys');
select lives_ok($$ select marketing._check_terms('{}', '{a}') $$, 'none');
select throws_ok($$ select marketing._check_terms('{"c": 1}', '{a,b}') $$, 'MM012', 'the values are not accepted: c cannot be given', 'one that is not');
select lives_ok($$ select marketing._check_terms('{"a": "31"}', '{a}', '{"a": "whole"}') $$, 'of the form that is read');
select throws_ok(
  $$ select marketing._check_terms('{"a": "0x1f"}', '{a}', '{"a": "whole"}') $$, 'MM012',
  'the values are not accepted: a is "0x1f", not a whole number', 'of another'
);
select throws_ok($$ select marketing._check_terms('[]', '{a}') $$, 'MM012', null, 'no object');
select throws_ok($$ select marketing._check_terms(null, '{a}') $$, 'MM012', null, 'nothing');

select * from finish();
rollback;
