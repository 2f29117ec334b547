begin;
select plan(9);

select has_function('marketing', 'in_range', array['numeric', 'numeric']);
select volatility_is('marketing', 'in_range', array['numeric', 'numeric'], 'immutable');
select isnt_definer('marketing', 'in_range', array['numeric', 'numeric']);
select ok(has_function_privilege('marketing_app', 'marketing.in_range(numeric, numeric)', 'execute'), 'applications may call it: marketing.kpis does as they');
select is(marketing.in_range(5, 5), 5::numeric, 'what is not larger');
select is(marketing.in_range(-6, 5), null, 'in either direction');
select is(marketing.in_range('NaN', 5), null, 'what is no number');
select is(marketing.in_range('-Infinity', 5), null, 'what has no end');
select is(marketing.in_range(null, 5), null, 'what is not known');

select * from finish();
rollback;
