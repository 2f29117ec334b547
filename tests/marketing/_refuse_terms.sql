begin;
select plan(9);

select has_function('marketing', '_refuse_terms', array['text', 'text']);
select function_returns('marketing', '_refuse_terms', array['text', 'text'], 'void');
select volatility_is('marketing', '_refuse_terms', array['text', 'text'], 'stable');
select isnt_definer('marketing', '_refuse_terms', array['text', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._refuse_terms(text, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._refuse_terms(text, text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._refuse_terms(text, text)', 'execute'), 'readers may not');

select throws_ok('select marketing._refuse_terms(''why'', ''a_check'')', 'MM012', 'the values are not accepted: why', 'what was wrong');
select throws_ok($$ select marketing._refuse_terms('why', '') $$, 'MM012', null, 'without a constraint');

select * from finish();
rollback;
