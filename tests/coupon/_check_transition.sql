begin;
select plan(8);

select has_function('coupon', '_check_transition', array['text', 'text']);
select function_returns('coupon', '_check_transition', array['text', 'text'], 'void');
select volatility_is('coupon', '_check_transition', array['text', 'text'], 'stable');
select isnt_definer('coupon', '_check_transition', array['text', 'text']);
select ok(not has_function_privilege('coupon_app', 'coupon._check_transition(text, text)', 'execute'), 'applications may not call it');


select lives_ok('select coupon._check_transition(''ISSUED'', ''RESERVED'')', 'a step');
select lives_ok('select coupon._check_transition(''USED'', ''USED'')', 'no step');
select throws_ok('select coupon._check_transition(''USED'', ''RESERVED'')', 'MP050', 'coupon.coupon_issues: "USED" does not become "RESERVED"', 'no step that there is');

select * from finish();
rollback;
