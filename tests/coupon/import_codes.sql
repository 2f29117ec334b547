begin;
select plan(20);

select has_function('coupon', 'import_codes', array['bigint', 'text[]', 'integer', 'timestamp with time zone', 'text']);
select function_returns('coupon', 'import_codes', array['bigint', 'text[]', 'integer', 'timestamp with time zone', 'text'], 'setof record');
select volatility_is('coupon', 'import_codes', array['bigint', 'text[]', 'integer', 'timestamp with time zone', 'text'], 'volatile');
select is_definer('coupon', 'import_codes', array['bigint', 'text[]', 'integer', 'timestamp with time zone', 'text']);
select ok(has_function_privilege('coupon_admin', 'coupon.import_codes(bigint, text[], integer, timestamptz, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.import_codes(bigint, text[], integer, timestamptz, text)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'autumn', 'T-AUTUMN', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'given', 'T-GIVEN', 'PERCENTAGE', 10, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.policy_codes (policy_id, code) values (900001, 'T-HAVE'), (900003, 'T-THEIRS');

create temporary table answers as
select a.*
from coupon.import_codes(
  900001, array['T-New', e'  T-BLANKS\r\n', 'T-HAVE', 't-theirs', 't-other', 't-new', 'T NEW', '', null, rpad('T', 51, 'T'), '-T', 'T-AUTUMN'], 2, '2026-11-01'
) with ordinality as a;
select results_eq(
  'select a.code, a.outcome from answers as a order by a.ordinality',
  $$
    values ('T-New', 'IMPORTED'), (e'  T-BLANKS\r\n', 'IMPORTED'), ('T-HAVE', 'EXISTS'), ('t-theirs', 'TAKEN'), ('t-other', 'TAKEN'),
      ('t-new', 'REPEATED'), ('T NEW', 'INVALID'), ('', 'INVALID'), (null, 'INVALID'), (rpad('T', 51, 'T'), 'INVALID'), ('-T', 'INVALID'),
      ('T-AUTUMN', 'EXISTS')
  $$,
  'what became of each, in their order'
);
select results_eq(
  $$select c.code::text, c.max_uses, c.expires_at from coupon.policy_codes as c where c.policy_id = 900001 and c.max_uses is not null order by c.code$$,
  $$values ('T-BLANKS', 2, timestamptz '2026-11-01'), ('T-New', 2, timestamptz '2026-11-01')$$, 'those that are new are there'
);
select is(
  (select array_agg(a.outcome order by a.ordinality) from coupon.import_codes(900001, array['t-NEW', 'T-BLANKS']) with ordinality as a),
  array['EXISTS', 'EXISTS'], 'the same import again changes nothing'
);
select is((select i.status from coupon.issue_coupon_by_code('tnew', 1) as i), 'ISSUED', 'to be claimed by');
select is_empty('select * from coupon.import_codes(900001, ''{}'')', 'nothing is nothing');

create temporary table first_time as select * from coupon.import_codes(900001, array['T-K1', 'T-K2'], 1, null, 'key-1');
select results_eq('select * from coupon.import_codes(900001, array[''T-K1'', ''T-K2''], 1, null, ''key-1'')', 'select * from first_time', 'one key, the same answer');
select is((select array_agg(distinct f.outcome) from first_time as f), array['IMPORTED'], 'of the first time');
select throws_ok('select coupon.import_codes(900001, array[''T-K1''], 1, null, ''key-1'')', 'MP052', null, 'another request under the same key');
select throws_ok('select coupon.import_codes(900001, array[''T-K1''], 1, null, '''')', 'MP051', null, 'an empty key');

select throws_ok('select coupon.import_codes(null, array[''T-X''])', 'MC001', 'p_policy_id is null', 'no policy');
select throws_ok('select coupon.import_codes(900001, null)', 'MC001', 'p_codes is null', 'no codes');
select throws_ok('select coupon.import_codes(-1, array[''T-X''])', 'MC002', 'there is no coupon policy -1', 'a policy that is not there');
select throws_ok('select coupon.import_codes(900001, array[''T-X''], 0)', 'MC011', 'p_max_uses 0 is not accepted: it is 1 or more', 'for no use');
select throws_ok('select coupon.import_codes(900002, array[''T-X''])', 'MC061', null, 'a policy that gives');

select * from finish();
rollback;
