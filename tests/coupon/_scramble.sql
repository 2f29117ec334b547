begin;
select plan(10);

select has_function('coupon', '_scramble', array['bigint', 'bytea', 'boolean']);
select function_returns('coupon', '_scramble', array['bigint', 'bytea', 'boolean'], 'bigint');
select volatility_is('coupon', '_scramble', array['bigint', 'bytea', 'boolean'], 'immutable');
select isnt_definer('coupon', '_scramble', array['bigint', 'bytea', 'boolean']);
select ok(not has_function_privilege('coupon_app', 'coupon._scramble(bigint, bytea, boolean)', 'execute'), 'not for applications');

select is(
  (
    select count(*)
    from (select 354042744143873 + n * 977 as id from generate_series(0, 999) as n union all select n from generate_series(0, 999) as n) as x
    where coupon._scramble(coupon._scramble(x.id, '\x00ff'), '\x00ff', true) <> x.id
  ),
  0::bigint, 'deciphering undoes enciphering'
);
select is(
  (select count(distinct coupon._scramble(n, '\x01')) from generate_series(1, 2000) as n), 2000::bigint, 'one to one'
);
select ok(
  (select bool_and(v.value between 0 and (1::bigint << 56) - 1) from (select coupon._scramble(n, '\x02') as value from generate_series(1, 2000) as n) as v),
  'stays within 56 bits'
);
select isnt(coupon._scramble(1, '\x01'), coupon._scramble(1, '\x02'), 'another secret, another cipher');
select is(
  array[coupon._scramble(1, '\x6d6f616462'), coupon._scramble(354042744143873, '\x6d6f616462')],
  array[63528064677746924, 8513358384851002], 'issued numbers must stay readable: the cipher never changes'
);

select * from finish();
rollback;
