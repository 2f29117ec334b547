begin;
select plan(13);

select has_function('coupon', '_switch_codes', array['bigint', 'text[]', 'boolean']);
select function_returns('coupon', '_switch_codes', array['bigint', 'text[]', 'boolean'], 'bigint');
select volatility_is('coupon', '_switch_codes', array['bigint', 'text[]', 'boolean'], 'volatile');
select isnt_definer('coupon', '_switch_codes', array['bigint', 'text[]', 'boolean']);
select ok(not has_function_privilege('coupon_admin', 'coupon._switch_codes(bigint, text[], boolean)', 'execute'), 'not for administrators');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'autumn', 'T-AUTUMN', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'given', 'T-GIVEN', 'PERCENTAGE', 10, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.policy_codes (policy_id, code) values (900001, 'T-ONE'), (900001, 'T-TWO');

select is(coupon._switch_codes(900001, array['t-one', 'T-ONE', 'T-AUTUMN'], false), 2::bigint, 'two are switched off');
select results_eq(
  'select c.code::text, c.is_active from coupon.policy_codes as c where c.policy_id in (900001, 900003) order by c.id',
  $$values ('T-AUTUMN', false), ('T-OTHER', true), ('T-ONE', false), ('T-TWO', true)$$, 'these'
);
select is(coupon._switch_codes(900001, array['T-ONE', 'T-TWO'], true), 1::bigint, 'one is switched on that was not');
select is(coupon._switch_codes(900001, '{}', true), 0::bigint, 'none is none');
select throws_ok('select coupon._switch_codes(null, ''{}'', true)', 'MC001', 'p_policy_id is null', 'no policy');
select throws_ok('select coupon._switch_codes(900001, null, true)', 'MC001', 'p_codes is null', 'no codes');
select throws_ok(
  'select coupon._switch_codes(900001, array[''T-TWO'', ''T-OTHER''], false)', 'MC066', 'policy 900001 has no code T-OTHER', 'another policy''s'
);
select throws_ok('select coupon._switch_codes(900001, array[null], false)', 'MC066', null, 'null is no code');

select * from finish();
rollback;
