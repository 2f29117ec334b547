begin;
select plan(10);

select has_function('coupon', '_page_size', array['integer', 'integer']);
select function_returns('coupon', '_page_size', array['integer', 'integer'], 'integer');
select volatility_is('coupon', '_page_size', array['integer', 'integer'], 'stable');
select isnt_definer('coupon', '_page_size', array['integer', 'integer']);
select ok(not has_function_privilege('coupon_app', 'coupon._page_size(integer, integer)', 'execute'), 'applications may not call it');

select is(coupon._page_size(50, 1000), 50, 'as many as are asked for');
select is(coupon._page_size(2000, 1000), 1000, 'but not more than there may be');
select is(coupon._page_size(null, 1000), 1000, 'as many as there may be');
select throws_ok('select coupon._page_size(0, 1000)', 'MC011', 'p_limit 0 is not accepted: it is 1 or more', 'none');
select throws_ok('select coupon._page_size(-1, 1000)', 'MC011', 'p_limit -1 is not accepted: it is 1 or more', 'fewer than none');

select * from finish();
rollback;
