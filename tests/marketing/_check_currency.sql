begin;
select plan(9);

select has_function('marketing', '_check_currency', array['text', 'text']);
select function_returns('marketing', '_check_currency', array['text', 'text'], 'void');
select volatility_is('marketing', '_check_currency', array['text', 'text'], 'stable');
select isnt_definer('marketing', '_check_currency', array['text', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_currency(text, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_currency(text, text)', 'execute'), 'operators may not');

select lives_ok($$ select marketing._check_currency('p_x', 'KRW') $$, 'one that there is');
select throws_ok($$ select marketing._check_currency('p_x', null) $$, 'MM004', 'p_x is null', 'none');
select throws_ok($$ select marketing._check_currency('p_x', 'KRW ') $$, 'MM005', 'p_x KRW  is not accepted: it is a currency of platform.currencies', 'another');

select * from finish();
rollback;
