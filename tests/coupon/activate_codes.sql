begin;
select plan(9);

select has_function('coupon', 'activate_codes', array['bigint', 'text[]']);
select function_returns('coupon', 'activate_codes', array['bigint', 'text[]'], 'bigint');
select volatility_is('coupon', 'activate_codes', array['bigint', 'text[]'], 'volatile');
select is_definer('coupon', 'activate_codes', array['bigint', 'text[]']);
select ok(has_function_privilege('coupon_admin', 'coupon.activate_codes(bigint, text[])', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.activate_codes(bigint, text[])', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'autumn', 'T-AUTUMN', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'given', 'T-GIVEN', 'PERCENTAGE', 10, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.policy_codes (policy_id, code, is_active) values (900001, 'T-ONE', not true);

select is(coupon.activate_codes(900001, array['t-one']), 1::bigint, 'done');
select is((select c.is_active from coupon.policy_codes as c where c.code = 'T-ONE'), true, 'so');
select throws_ok('select coupon.activate_codes(900001, array[''T-NO''])', 'MC066', 'policy 900001 has no code T-NO', 'no such code');

select * from finish();
rollback;
