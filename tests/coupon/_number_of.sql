begin;
select plan(8);

select has_function('coupon', '_number_of', array['bigint']);
select function_returns('coupon', '_number_of', array['bigint'], 'character varying');
select volatility_is('coupon', '_number_of', array['bigint'], 'immutable');
select isnt_definer('coupon', '_number_of', array['bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._number_of(bigint)', 'execute'), 'not for applications');

select is(coupon._number_of(0), 'CPN000000000000000', 'zero');
select is(coupon._number_of(30), 'CPN0000000000001EX', 'the check character is the value modulo 31');
select is(length(coupon._number_of((1::bigint << 56) - 1)), 18, 'the largest value has the same length');

select * from finish();
rollback;
