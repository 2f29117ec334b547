begin;
select plan(13);

select has_function('marketing', '_check_attribution', array['text', 'interval']);
select function_returns('marketing', '_check_attribution', array['text', 'interval'], 'void');
select volatility_is('marketing', '_check_attribution', array['text', 'interval'], 'stable');
select isnt_definer('marketing', '_check_attribution', array['text', 'interval']);
select ok(not has_function_privilege('marketing_app', 'marketing._check_attribution(text, interval)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._check_attribution(text, interval)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._check_attribution(text, interval)', 'execute'), 'readers may not');

select lives_ok($$ select marketing._check_attribution(m.model, '1 day') from unnest(array['first', 'last', 'linear', 'position', 'time_decay']) as m (model) $$, 'the models');
select throws_ok($$ select marketing._check_attribution('best', '1 day') $$, 'MM005', null, 'none of them');
select throws_ok($$ select marketing._check_attribution(null, '1 day') $$, 'MM005', null, 'no model');
select throws_ok($$ select marketing._check_attribution('last', '0') $$, 'MM005', null, 'no time');
select throws_ok($$ select marketing._check_attribution('last', '3 years') $$, 'MM005', null, 'too long a time');
select throws_ok($$ select marketing._check_attribution('last', null) $$, 'MM005', null, 'no lookback');

select * from finish();
rollback;
