begin;
select plan(12);

select has_function('marketing', '_check_maturity', array['text', 'integer']);
select function_returns('marketing', '_check_maturity', array['text', 'integer'], 'void');
select volatility_is('marketing', '_check_maturity', array['text', 'integer'], 'stable');
select isnt_definer('marketing', '_check_maturity', array['text', 'integer']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_maturity(text, integer)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_maturity(text, integer)', 'execute'), 'operators may not');

select lives_ok($$ select marketing._check_maturity('conversions', 28) $$, 'as it should be');
select throws_ok($$ select marketing._check_maturity('ctr', 28) $$, 'MM005', 'p_metric ctr is not accepted: it is one of impressions, clicks, cost, conversions, revenue', 'a ratio does not add up');
select throws_ok($$ select marketing._check_maturity(null, 28) $$, 'MM004', 'p_metric is null', 'of what');
select throws_ok($$ select marketing._check_maturity('cost', null) $$, 'MM004', 'p_days is null', 'how long');
select throws_ok($$ select marketing._check_maturity('cost', 0) $$, 'MM005', 'p_days 0 is not accepted: it is 1 to 60', 'too short');
select throws_ok($$ select marketing._check_maturity('cost', 61) $$, 'MM005', null, 'too long');

select * from finish();
rollback;
