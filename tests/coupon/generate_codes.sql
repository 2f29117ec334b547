begin;
select plan(45);

select has_function('coupon', 'generate_codes', array['bigint', 'integer', 'text', 'integer', 'text', 'timestamp with time zone', 'bigint[]']);
select function_returns('coupon', 'generate_codes', array['bigint', 'integer', 'text', 'integer', 'text', 'timestamp with time zone', 'bigint[]'], 'setof record');
select volatility_is('coupon', 'generate_codes', array['bigint', 'integer', 'text', 'integer', 'text', 'timestamp with time zone', 'bigint[]'], 'volatile');
select is_definer('coupon', 'generate_codes', array['bigint', 'integer', 'text', 'integer', 'text', 'timestamp with time zone', 'bigint[]']);
select ok(has_function_privilege('coupon_admin', 'coupon.generate_codes(bigint, integer, text, integer, text, timestamptz, bigint[])', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.generate_codes(bigint, integer, text, integer, text, timestamptz, bigint[])', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'autumn', 'T-AUTUMN', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'given', 'T-GIVEN', 'PERCENTAGE', 10, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

create temporary table made as select * from coupon.generate_codes(900001, 1000);
select is((select count(distinct m.code) from made as m), 1000::bigint, 'as many as were asked for');
select ok((select bool_and(m.code ~ '^[2-9A-HJKMNP-Z]{8}$') from made as m), 'of eight characters without look-alikes');
select results_eq(
  'select distinct c.policy_id, c.max_uses, c.uses::integer, c.user_id, c.expires_at, c.is_active, c.is_main, c.created_at from coupon.policy_codes as c join made as m on m.code_id = c.id',
  $$values (900001::bigint, 1, 0, null::bigint, null::timestamptz, true, false, timestamptz '2026-10-15 12:00+00')$$,
  'codes of the policy, for one use'
);
select is((select i.status from made as m cross join lateral coupon.issue_coupon_by_code(lower(m.code), 1) as i limit 1), 'ISSUED', 'to be claimed by');
select ok(
  (select bool_and(c.code ~ '^AUTUMN-[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{4}$') from coupon.generate_codes(900001, 10, 'AUTUMN-#####-####') as c),
  'a pattern'
);
select is((select count(*) from coupon.generate_codes(900001, 1, 'T1-########', null, null, '2026-11-01')), 1::bigint, 'one');
select results_eq(
  $$select c.max_uses, c.expires_at from coupon.policy_codes as c where starts_with(c.code, 'T1-')$$,
  $$values (null::integer, timestamptz '2026-11-01')$$, 'of any number of uses, to a day'
);
select results_eq(
  $$select g.user_id, count(distinct g.code) from coupon.generate_codes(900001, 3, 'T2-########', p_user_ids => array[5, 6, 5]) as g group by g.user_id order by g.user_id$$,
  $$values (5::bigint, 2::bigint), (6::bigint, 1::bigint)$$, 'for users, one each'
);
select is((select count(*) from coupon.generate_codes(900001, 1, '##' || repeat('#', 22))), 1::bigint, 'the longest');

-- Room: one in 100,000
select is((select count(*) from coupon.generate_codes(900001, 9, 'T9-#####')), 9::bigint, 'nine of 31^4 are as many as there may be');
select throws_ok(
  'select coupon.generate_codes(900001, 1, ''t9-#####'')', 'MC068',
  'pattern t9-##### has no room for 1 more codes: they could be guessed', 'no tenth, in small letters neither'
);
select throws_ok(
  format('select coupon.generate_codes(900001, 1, %L)', p.pattern), 'MC068', null, p.pattern || ' has the same codes, but for hyphens'
)
from unnest(array['T9#####', 'T-9-##-###', 'T9####-#', 'T9-#-#-#-#-#']) as p (pattern);
create function pg_temp.detail_of(p_sql text) returns jsonb language plpgsql as $$
declare v_detail text;
begin
  execute p_sql;
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail;
end $$;
select is(
  pg_temp.detail_of('select coupon.generate_codes(900001, 1000000, ''T-####'')') -> 'places_needed', '9', 'how many places it takes'
);
select is(
  pg_temp.detail_of('select coupon.generate_codes(900001, 275127, ''T-########'')') -> 'places_needed', '9', 'one more than 275,126 take one more'
);
select is((select count(*) from coupon.code_spaces as s where s.pattern = 't####'), 0::bigint, 'a refusal takes no room');
select throws_ok(
  'update coupon.code_spaces set codes = codes + 1 where pattern = ''t9#####''', '23514', null, 'nor does anybody else find some'
);

-- The same request again
create temporary table again as select * from coupon.generate_codes(900001, 100, '########', 1, 'key-1');
select set_eq('select * from coupon.generate_codes(900001, 100, ''########'', 1, ''key-1'')', 'select * from again', 'one key, the same codes');
select throws_ok('select coupon.generate_codes(900001, 101, ''########'', 1, ''key-1'')', 'MP052', null, 'another request under the same key');
select throws_ok('select coupon.generate_codes(900001, 101, ''########'', 1, '''')', 'MP051', null, 'an empty key');

select throws_ok(t.statement, t.code, t.message, t.what)
from (
  values
    (1, 'select coupon.generate_codes(null, 1)', 'MC001', 'p_policy_id is null', 'no policy'),
    (2, 'select coupon.generate_codes(900001, null)', 'MC001', 'p_count is null', 'no number'),
    (3, 'select coupon.generate_codes(900001, 1, null)', 'MC001', 'p_pattern is null', 'no pattern'),
    (4, 'select coupon.generate_codes(-1, 1)', 'MC002', 'there is no coupon policy -1', 'a policy that is not there'),
    (5, 'select coupon.generate_codes(900001, 0)', 'MC011', 'p_count 0 is not accepted: it is 1 to 1,000,000', 'none'),
    (6, 'select coupon.generate_codes(900001, 1000001)', 'MC011', null, 'too many at once'),
    (7, 'select coupon.generate_codes(900001, 1, p_max_uses => 0)', 'MC011', 'p_max_uses 0 is not accepted: it is 1 or more', 'for no use'),
    (8, 'select coupon.generate_codes(900001, 1, p_user_ids => ''{1,2}'')', 'MC011', 'p_user_ids of 2 users is not accepted: one for each code', 'more users than codes'),
    (9, 'select coupon.generate_codes(900002, 1)', 'MC061', 'coupons of policy 900002 are not claimed by code', 'a policy that gives'),
    (10, 'select coupon.generate_codes(900001, 1, ''SUMMER'')', 'MC067', 'pattern SUMMER is none', 'no places'),
    (11, 'select coupon.generate_codes(900001, 1, ''SUMMER#'')', 'MC067', null, 'one place'),
    (12, 'select coupon.generate_codes(900001, 1, repeat(''#'', 25))', 'MC067', null, '25 places'),
    (13, 'select coupon.generate_codes(900001, 1, ''a b ########'')', 'MC067', null, 'blanks'),
    (14, 'select coupon.generate_codes(900001, 1, ''-########'')', 'MC067', null, 'a hyphen first'),
    (15, 'select coupon.generate_codes(900001, 1, repeat(''A'', 43) || ''########'')', 'MC067', null, '51 characters'),
    (16, 'select coupon.generate_codes(900001, 1, '''')', 'MC067', null, 'nothing')
) as t (place, statement, code, message, what)
order by t.place;

-- Codes that are there already are drawn again: here of 40, most of them more than once
create or replace function coupon._fill_pattern(p_pattern text, p_random bytea) returns text language sql immutable strict as $$
  select 'TN-' || get_byte(p_random, 0) % 40
$$;
insert into coupon.policy_codes (policy_id, code) select 900003, 'TN-' || n from generate_series(0, 9) as n;
select results_eq(
  'select count(distinct c.code), min(c.user_id), max(c.user_id), count(distinct c.user_id) from coupon.generate_codes(900001, 30, p_user_ids => array(select generate_series(1, 30))) as c',
  'values (30::bigint, 1::bigint, 30::bigint, 30::bigint)', 'all that are left, one for each user'
);

select * from finish();
rollback;
