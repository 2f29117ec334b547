begin;
select plan(8);

select has_function('coupon', '_decode_number', array['text', 'bigint']);
select function_returns('coupon', '_decode_number', array['text', 'bigint'], 'bigint');
select volatility_is('coupon', '_decode_number', array['text', 'bigint'], 'immutable');
select isnt_definer('coupon', '_decode_number', array['text', 'bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._decode_number(text, bigint)', 'execute'), 'applications may not call it');


select is(
  (select count(*) from generate_series(1, 1000) as g(n) where coupon._decode_number(coupon._number_of(coupon._scramble(n * 9007199254, 42)), 42) = n * 9007199254),
  1000::bigint, 'what was enciphered'
);
select is(coupon._decode_number('CPNxyz', 42), null, 'no digits');
select is(coupon._decode_number(null, 42), null, 'null');

select * from finish();
rollback;
