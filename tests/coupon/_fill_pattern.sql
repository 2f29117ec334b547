begin;
select plan(19);

select has_function('coupon', '_fill_pattern', array['text', 'bytea']);
select function_returns('coupon', '_fill_pattern', array['text', 'bytea'], 'text');
select volatility_is('coupon', '_fill_pattern', array['text', 'bytea'], 'immutable');
select is_strict('coupon', '_fill_pattern', array['text', 'bytea']);
select isnt_definer('coupon', '_fill_pattern', array['text', 'bytea']);
select ok(not has_function_privilege('coupon_admin', 'coupon._fill_pattern(text, bytea)', 'execute'), 'not for administrators');

select is(coupon._fill_pattern(t.pattern, t.random), t.code, t.what)
from (
  values
    (1, '####', '\x000000'::bytea, '2222', 'zero is 2, and so is the check character'),
    (2, '####', '\x010000'::bytea, '3223', 'the first place counts once'),
    (3, '####', '\x000100'::bytea, '2324', 'the second twice'),
    (4, '####', '\x1e1e1e'::bytea, 'ZZZU', 'modulo 31'),
    (5, '####', '\x1f3e5d'::bytea, '2222', 'a byte is taken modulo 31'),
    (6, '####', '\xf8ff010000'::bytea, '3223', 'but not from 248'),
    (7, 'AB-##_##', '\x010000'::bytea, 'AB-32_23', 'what is no place stays'),
    (8, '##-x', '\x05'::bytea, '77-x', 'after the last place, too'),
    (9, '####', '\x0102'::bytea, null, 'too few bytes')
) as t (place, pattern, random, code, what)
order by t.place;

-- Every byte string of one byte that is used: 248 = 8 * 31
select is(
  (
    select array_agg(distinct g.times)
    from (
      select count(*) as times
      from generate_series(0, 255) as n
      cross join lateral coupon._fill_pattern('##', set_byte('\x00', 0, n)) as f (code)
      where f.code is not null
      group by f.code
    ) as g
  ),
  array[8::bigint], 'all characters come equally often'
);
select is(
  (select count(distinct coupon._fill_pattern('##', set_byte('\x00', 0, n))) from generate_series(0, 255) as n), 31::bigint,
  'all 31 of them'
);
select ok(
  (
    select bool_and(coupon._fill_pattern('######', c.bytes) !~ '[01OIL]')
    from generate_series(1, 200) as n cross join lateral (select sha256(n::text::bytea) as bytes) as c
  ),
  'none that look alike'
);

-- Of 200 codes, each with each place changed to each other character, and with two neighbours swapped: none is a code.
create temporary table codes as
select f.code
from generate_series(1, 200) as n
cross join lateral coupon._fill_pattern('########', sha256(n::text::bytea)) as f (code);
create function pg_temp.is_code(p_code text) returns boolean language sql as $$
  select right(p_code, 1) = substr('23456789ABCDEFGHJKMNPQRSTUVWXYZ', sum(n * (strpos('23456789ABCDEFGHJKMNPQRSTUVWXYZ', substr(p_code, n, 1)) - 1))::integer % 31 + 1, 1)
  from generate_series(1, length(p_code) - 1) as n
$$;
select is(
  (
    select array[
      count(*) filter (where not pg_temp.is_code(c.code)),
      count(*) filter (where v.code <> c.code and pg_temp.is_code(v.code))
    ]
    from codes as c
    cross join lateral (
      select overlay(c.code placing substr('23456789ABCDEFGHJKMNPQRSTUVWXYZ', x, 1) from n for 1) as code
      from generate_series(1, 8) as n cross join generate_series(1, 31, 3) as x
      union all
      select overlay(c.code placing substr(c.code, n + 1, 1) || substr(c.code, n, 1) from n for 2) from generate_series(1, 6) as n
    ) as v
  ),
  array[0, 0]::bigint[], 'one wrong character or two that are swapped are no code'
);

select * from finish();
rollback;
