begin;
select plan(10);

select has_function('coupon', '_scramble', array['bigint', 'bigint']);
select function_returns('coupon', '_scramble', array['bigint', 'bigint'], 'bigint');
select volatility_is('coupon', '_scramble', array['bigint', 'bigint'], 'immutable');
select isnt_definer('coupon', '_scramble', array['bigint', 'bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._scramble(bigint, bigint)', 'execute'), 'not for applications');

create temporary table k as select 42::bigint as key, 43::bigint as other;

select is((select count(distinct coupon._scramble(n, k.key)) from generate_series(1, 2000) as n, k), 2000::bigint, 'one to one');
select ok(
  (select bool_and(coupon._scramble(n, k.key) between 0 and (1::bigint << 56) - 1) from generate_series(1, 2000) as n, k),
  'stays within 56 bits'
);
select ok(
  (select abs(avg(coupon._scramble(354042744143873 + n, k.key)) / (1::bigint << 55) - 1) < 0.05 from generate_series(1, 5000) as n, k),
  'ids in a row come out scattered over the whole range'
);
select isnt(coupon._scramble(1, k.key), coupon._scramble(1, k.other), 'another key, another cipher') from k;
select is(
  (select array[coupon._scramble(1, k.key), coupon._scramble(354042744143873, k.key)] from k),
  array[30498755905304088, 34892910165016554], 'issued numbers must stay readable: the cipher never changes'
);

select * from finish();
rollback;
