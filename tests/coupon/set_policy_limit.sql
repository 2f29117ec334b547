begin;
select plan(30);

select has_function('coupon', 'set_policy_limit', array['bigint', 'text', 'numeric', 'text', 'text', 'text', 'text']);
select function_returns('coupon', 'set_policy_limit', array['bigint', 'text', 'numeric', 'text', 'text', 'text', 'text'], 'bigint');
select volatility_is('coupon', 'set_policy_limit', array['bigint', 'text', 'numeric', 'text', 'text', 'text', 'text'], 'volatile');
select is_definer('coupon', 'set_policy_limit', array['bigint', 'text', 'numeric', 'text', 'text', 'text', 'text']);
select ok(has_function_privilege('coupon_admin', 'coupon.set_policy_limit(bigint, text, numeric, text, text, text, text)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.set_policy_limit(bigint, text, numeric, text, text, text, text)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as select i.coupon_number::text as number from coupon.issue_coupon(900001, 1) as i;

create temporary table l as select coupon.set_policy_limit(900001, 'USER', 5, 'DAY') as id;
select results_eq(
  'select l.per::text, l.attribute::text, l.period::text, l.zone, l.measure::text, l.maximum from coupon.policy_limits as l join l as x using (id)',
  $$values ('USER', null, 'DAY', 'Asia/Seoul', 'REDEMPTIONS', 5.00)$$, 'a limit'
);
select is(coupon.set_policy_limit(900001, 'USER', 2, 'DAY'), l.id, 'the same, changed') from l;
select isnt(coupon.set_policy_limit(900001, 'USER', 2), l.id, 'another beside it') from l;
select isnt(coupon.set_policy_limit(900001, 'ATTRIBUTE', null, p_attribute => 'device'), l.id, 'counted, not limited') from l;
select coupon.reserve_coupons(array[c.number], 1, 'o-1', 5000, p_context => '{"device": "x"}') from c;
select is((select count(*) from coupon.v_limit_usages as u where u.used = 1), 3::bigint, 'all of them count');
select is(coupon.set_policy_limit(900001, 'USER', 1, 'DAY'), l.id, 'down to what is used') from l;
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', 0, 'DAY')$$, 'MC040', 'more than 0 per USER and DAY is used of policy 900001 already', 'not below');
select is((select v.maximum from coupon.v_policy_limits as v join l on l.id = v.limit_id), 1.00, 'it stays as it was');
select is(coupon.set_policy_limit(900001, 'USER', null, 'DAY'), l.id, 'lifted') from l;

select throws_ok($$select coupon.set_policy_limit(null, 'USER', 1)$$, 'MC001', 'p_policy_id is null', 'no policy');
select throws_ok($$select coupon.set_policy_limit(900001, null, 1)$$, 'MC001', 'p_per is null', 'per what');
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', 1, null)$$, 'MC001', 'p_period is null', 'no period');
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', 1, 'DAY', null)$$, 'MC001', 'p_measure is null', 'no measure');
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', 1, p_zone => null)$$, 'MC001', 'p_zone is null', 'no zone');
select throws_ok($$select coupon.set_policy_limit(999999, 'USER', 1)$$, 'MC002', 'there is no coupon policy 999999', 'no such policy');
select isnt(coupon.set_policy_limit(900001, 'USER', 1, 'DAY', p_zone => 'UTC'), coupon.set_policy_limit(900001, 'USER', 1, 'DAY'), 'other days: another limit');
select is(coupon.set_policy_limit(900001, 'USER', 1, p_zone => 'UTC'), coupon.set_policy_limit(900001, 'USER', 1), 'without days there is no zone');
select throws_ok($$select coupon.set_policy_limit(900001, 'FAMILY', 1)$$, 'MC041', null, 'per whom');
select throws_ok($$select coupon.set_policy_limit(900001, 'ATTRIBUTE', 1)$$, 'MC041', null, 'which attribute');
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', -1)$$, 'MC041', null, 'less than nothing');
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', 'NaN')$$, 'MC041', null, 'no number');
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', 1e20)$$, 'MC041', null, 'too much');
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', 1, 'DAY', p_zone => 'Asia/Atlantis')$$, 'MC041', null, 'no such zone');
select throws_ok($$select coupon.set_policy_limit(900001, 'USER', 1, 'DAY', p_zone => 'XYZ5')$$, 'MC041', null, 'a zone that is no name');

select * from finish();
rollback;
