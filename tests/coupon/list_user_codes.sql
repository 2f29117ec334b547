begin;
select plan(13);

select has_function('coupon', 'list_user_codes', array['bigint', 'bigint', 'integer']);
select function_returns('coupon', 'list_user_codes', array['bigint', 'bigint', 'integer'], 'setof record');
select volatility_is('coupon', 'list_user_codes', array['bigint', 'bigint', 'integer'], 'stable');
select is_definer('coupon', 'list_user_codes', array['bigint', 'bigint', 'integer']);
select ok(has_function_privilege('coupon_app', 'coupon.list_user_codes(bigint, bigint, integer)', 'execute'), 'applications may call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'autumn', 'T-AUTUMN', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'given', 'T-GIVEN', 'PERCENTAGE', 10, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.policy_codes (policy_id, code, max_uses, user_id, expires_at, is_active)
values
  (900001, 'T-ONE', 1, 7, null, true), (900001, 'T-TWO', null, 7, '2026-11-01', true), (900001, 'T-OFF', 1, 7, null, false),
  (900001, 'T-OVER', 1, 7, '2026-10-15 12:00+00', true), (900003, 'T-THEIRS', 1, 8, null, true), (900003, 'T-PUBLIC', 1, null, null, true);

select results_eq(
  'select l.code::text, l.coupon_name::text, l.discount_value, l.claim_from, l.claim_until from coupon.list_user_codes(7) as l',
  $$
    values ('T-TWO', 'autumn', 10.00, timestamptz '2026-10-01', timestamptz '2026-11-01'),
      ('T-ONE', 'autumn', 10.00, timestamptz '2026-10-01', timestamptz '2026-12-01')
  $$,
  'those of the user that can be claimed, newest first'
);
select is((select l.code::text from coupon.list_user_codes(7, null, 1) as l), 'T-TWO', 'the first page');
select results_eq(
  'select n.code::text from coupon.list_user_codes(7, null, 1) as l cross join lateral coupon.list_user_codes(7, l.code_id) as n',
  $$values ('T-ONE')$$, 'the next one'
);
select coupon.issue_coupon_by_code('T-ONE', 7);
select is((select count(*) from coupon.list_user_codes(7)), 1::bigint, 'what is claimed is in the wallet instead');
update coupon.coupon_policies set is_active = false where id = 900001;
select is_empty('select * from coupon.list_user_codes(7)', 'nothing of a paused policy');
select isnt_empty('select * from coupon.list_user_codes(8)', 'another policy is not meant');
set local moadb.now = '2026-12-01 00:00+00';
select is_empty('select * from coupon.list_user_codes(8)', 'nothing after its window');
select throws_ok('select coupon.list_user_codes(8, p_limit => -1)', 'MC011', 'p_limit -1 is not accepted: it is 1 or more', 'a page of fewer than none');

select * from finish();
rollback;
