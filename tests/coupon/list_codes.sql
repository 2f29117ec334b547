begin;
select plan(11);

select has_function('coupon', 'list_codes', array['bigint', 'bigint', 'integer']);
select function_returns('coupon', 'list_codes', array['bigint', 'bigint', 'integer'], 'setof record');
select volatility_is('coupon', 'list_codes', array['bigint', 'bigint', 'integer'], 'stable');
select is_definer('coupon', 'list_codes', array['bigint', 'bigint', 'integer']);
select ok(has_function_privilege('coupon_admin', 'coupon.list_codes(bigint, bigint, integer)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.list_codes(bigint, bigint, integer)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'autumn', 'T-AUTUMN', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'given', 'T-GIVEN', 'PERCENTAGE', 10, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.policy_codes (policy_id, code, max_uses, user_id, expires_at, is_active)
values (900001, 'T-TWO', 2, null, null, true), (900001, 'T-MINE', 1, 7, '2026-11-01', false), (900003, 'T-NO', 1, null, null, true);
select coupon.issue_coupon_by_code(t.code, 1) from unnest(array['T-AUTUMN', 'T-AUTUMN', 'T-TWO', 'T-TWO']) as t (code);
select coupon.cancel_coupon(w.coupon_number, null) from coupon.wallet(1) as w order by w.coupon_id limit 1;

select results_eq(
  'select l.code::text, l.is_main, l.max_uses, l.uses, l.user_id, l.expires_at, l.is_active from coupon.list_codes(900001) as l',
  $$
    values ('T-AUTUMN', true, null::integer, 1::bigint, null::bigint, null::timestamptz, true), ('T-TWO', false, 2, 2, null, null, true),
      ('T-MINE', false, 1, 0, 7, '2026-11-01', false)
  $$,
  'the codes of the policy, and what was claimed by them and not cancelled'
);
select is((select l.code::text from coupon.list_codes(900001, null, 1) as l), 'T-AUTUMN', 'the first page');
select results_eq(
  'select n.code::text from coupon.list_codes(900001, null, 1) as l cross join lateral coupon.list_codes(900001, l.code_id, 5) as n',
  $$values ('T-TWO'), ('T-MINE')$$, 'the next one goes on after it'
);
select is_empty('select * from coupon.list_codes(-1)', 'no policy, no codes');
select throws_ok('select coupon.list_codes(900001, p_limit => -1)', 'MC011', 'p_limit -1 is not accepted: it is 1 or more', 'a page of fewer than none');

select * from finish();
rollback;
