begin;
select plan(15);

select has_function('coupon', '_discount_of', array['text', 'numeric', 'numeric', 'numeric']);
select function_returns('coupon', '_discount_of', array['text', 'numeric', 'numeric', 'numeric'], 'numeric');
select volatility_is('coupon', '_discount_of', array['text', 'numeric', 'numeric', 'numeric'], 'immutable');
select isnt_definer('coupon', '_discount_of', array['text', 'numeric', 'numeric', 'numeric']);
select ok(not has_function_privilege('coupon_app', 'coupon._discount_of(text, numeric, numeric, numeric)', 'execute'), 'applications may not call it');


select is(coupon._discount_of('FIXED_AMOUNT', 1000, null, 5000), 1000::numeric, 'an amount');
select is(coupon._discount_of('FIXED_AMOUNT', 1000, null, 999), 999::numeric, 'never more than the order');
select is(coupon._discount_of('FIXED_AMOUNT', 1000, 800, 5000), 800::numeric, 'nor than the cap');
select is(coupon._discount_of('PERCENTAGE', 10, null, 12344), 1234::numeric, 'a percentage is rounded to whole won');
select is(coupon._discount_of('PERCENTAGE', 10, null, 12345), 1235::numeric, 'a half goes up');
select is(coupon._discount_of('PERCENTAGE', 10, null, 12355), 1236::numeric, 'also to an even number''s neighbour');
select is(coupon._discount_of('PERCENTAGE', 33.33, null, 3), 1::numeric, 'odd rates');
select is(coupon._discount_of('PERCENTAGE', 10, 3000, 100000), 3000::numeric, 'capped');
select is(coupon._discount_of('PERCENTAGE', 100, null, 0.5), 0.5, 'rounding up does not pass the order');
select is(coupon._discount_of('PERCENTAGE', 100, null, 0), 0::numeric, 'nothing off nothing');

select * from finish();
rollback;
