begin;
select plan(9);

select has_function('marketing', '_check_choice', array['text', 'text', 'text[]']);
select function_returns('marketing', '_check_choice', array['text', 'text', 'text[]'], 'void');
select volatility_is('marketing', '_check_choice', array['text', 'text', 'text[]'], 'stable');
select isnt_definer('marketing', '_check_choice', array['text', 'text', 'text[]']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_choice(text, text, text[])', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_choice(text, text, text[])', 'execute'), 'operators may not');

select lives_ok($$ select marketing._check_choice('p_x', 'b', '{a,b}') $$, 'one of them');
select throws_ok($$ select marketing._check_choice('p_x', null, '{a,b}') $$, 'MM004', 'p_x is null', 'none');
select throws_ok($$ select marketing._check_choice('p_x', 'c', '{a,b}') $$, 'MM005', 'p_x c is not accepted: it is one of a, b', 'another');

select * from finish();
rollback;
