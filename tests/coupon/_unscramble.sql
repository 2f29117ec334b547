begin;
select plan(8);

select has_function('coupon', '_unscramble', array['bigint', 'bigint']);
select function_returns('coupon', '_unscramble', array['bigint', 'bigint'], 'bigint');
select volatility_is('coupon', '_unscramble', array['bigint', 'bigint'], 'immutable');
select isnt_definer('coupon', '_unscramble', array['bigint', 'bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._unscramble(bigint, bigint)', 'execute'), 'not for applications');

create temporary table k as select 42::bigint as key;

select is(
  (
    select count(*)
    from k, (select 354042744143873 + n * 977 as id from generate_series(0, 999) as n union all select n from generate_series(0, 999) as n) as x
    where coupon._unscramble(coupon._scramble(x.id, k.key), k.key) <> x.id
  ),
  0::bigint, 'undoes coupon._scramble'
);
select is(
  (select coupon._unscramble(coupon._scramble((1::bigint << 56) - 1, k.key), k.key) from k), (1::bigint << 56) - 1, 'to the last value'
);
select is((select coupon._unscramble(null, k.key) from k), null, 'null in, null out');

select * from finish();
rollback;
