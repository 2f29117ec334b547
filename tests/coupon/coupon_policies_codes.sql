begin;
select plan(12);

select has_function('coupon', '_coupon_policies_codes', array[]::text[]);
select function_returns('coupon', '_coupon_policies_codes', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_policies_codes', array[]::text[]);
select trigger_is('coupon', 'coupon_policies', 'coupon_policies_codes_insert', 'coupon', '_coupon_policies_codes', 'on insert');
select trigger_is('coupon', 'coupon_policies', 'coupon_policies_codes_update', 'coupon', '_coupon_policies_codes', 'on update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date
)
values (900001, 'x', 'T-One', 'FIXED_AMOUNT', 1000, 'CODE', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');

select results_eq(
  'select c.code::text, c.is_main, c.max_uses, c.uses::integer, c.is_active from coupon.policy_codes as c where c.policy_id = 900001',
  $$values ('T-One', true, null::integer, 0, true)$$, 'a policy has its own code'
);
update coupon.policy_codes set is_active = false where policy_id = 900001;
update coupon.coupon_policies set coupon_code = 'T-Uno' where id = 900001;
select results_eq(
  'select c.code::text, c.is_active from coupon.policy_codes as c where c.policy_id = 900001', $$values ('T-Uno', false)$$,
  'renamed with it, and as switched off as before'
);
select is((coupon._find_code('T-ONE')).id, null, 'the old name is no code any more');

insert into coupon.policy_codes (policy_id, code) values (900001, 'T-Other');
select throws_ok(
  $$insert into coupon.policy_codes (policy_id, code) values (900001, 't-uno')$$, '23505', null, 'no other code is the same as a policy''s'
);
select throws_ok(
  $$
    insert into coupon.coupon_policies (coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date)
    values ('y', 't-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00')
  $$,
  '23505', null, 'no policy''s the same as another code'
);
select throws_ok(
  $$update coupon.coupon_policies set coupon_code = 'T-other' where id = 900001$$, '23505', null, 'nor by renaming'
);
select lives_ok($$update coupon.coupon_policies set coupon_code = 'T-UNO' where id = 900001$$, 'its case may change');

select * from finish();
rollback;
