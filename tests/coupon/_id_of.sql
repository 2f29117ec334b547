begin;
select plan(13);

select has_function('coupon', '_id_of', array['text', 'bigint']);
select function_returns('coupon', '_id_of', array['text', 'bigint'], 'bigint');
select volatility_is('coupon', '_id_of', array['text', 'bigint'], 'immutable');
select isnt_definer('coupon', '_id_of', array['text', 'bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._id_of(text, bigint)', 'execute'), 'not for applications');

create function pg_temp.number_of(p_id bigint) returns text language sql as $$ select coupon._number_of(coupon._scramble(p_id, 42)) $$;

select is(coupon._id_of(pg_temp.number_of(354042744143873), 42), 354042744143873, 'there and back');
select is(coupon._id_of(lower(pg_temp.number_of(354042744143873)), 42), 354042744143873, 'case does not matter');
select is(
  coupon._id_of(regexp_replace(pg_temp.number_of(354042744143873), '(.{6})', '\1- ', 'g'), 42), 354042744143873,
  'hyphens and blanks do not matter'
);
select isnt(
  coupon._id_of(pg_temp.number_of(354042744143873), 43), 354042744143873,
  'another key does not read it'
);
select is(
  (
    select count(*)
    from generate_series(4, 17) as at, unnest(string_to_array('0 1 2 3 4 5 6 7 8 9 A B C D E F', ' ')) as digit
    where substr(pg_temp.number_of(354042744143873), at, 1) <> digit
      and coupon._id_of(overlay(pg_temp.number_of(354042744143873) placing digit from at for 1), 42) is not null
  ),
  0::bigint, 'every single wrong digit is noticed'
);
select is(
  (
    select count(*)
    from generate_series(4, 16) as at, lateral (select pg_temp.number_of(354042744143873) as number) as n
    where substr(number, at, 1) <> substr(number, at + 1, 1)
      and coupon._id_of(overlay(number placing reverse(substr(number, at, 2)) from at for 2), 42) is not null
  ),
  0::bigint, 'every swap of neighbours is noticed'
);
select is(
  (select count(coupon._id_of(bad, 42)) from unnest(array['', 'CPN', 'x', 'CPNZZZZZZZZZZZZZZ0', repeat('CPN', 99), '쿠폰']) as bad),
  0::bigint, 'nonsense is no number'
);
select is(coupon._id_of(null, 42), null, 'null in, null out');

select * from finish();
rollback;
