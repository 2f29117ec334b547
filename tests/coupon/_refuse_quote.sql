begin;
select plan(8);

select has_function('coupon', '_refuse_quote', array['bigint', 'jsonb']);
select function_returns('coupon', '_refuse_quote', array['bigint', 'jsonb'], 'void');
select volatility_is('coupon', '_refuse_quote', array['bigint', 'jsonb'], 'stable');
select isnt_definer('coupon', '_refuse_quote', array['bigint', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._refuse_quote(bigint, jsonb)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as select i.* from coupon.issue_coupon(900001, 1) as i;

select lives_ok($$select coupon._refuse_quote(c.coupon_id, '[{"rule": "holder", "verdict": true}]') from c$$, 'nothing refuses');
select throws_ok(
  $$select coupon._refuse_quote(c.coupon_id, '[{"rule": "a", "verdict": true}, {"rule": "segment", "reason": "segment_differs", "verdict": false, "error": "coupon_rule_failed"}, {"verdict": false, "error": "coupon_used"}]') from c$$,
  'MC032', (select format('coupon %s does not apply to this order: segment: segment_differs', c.coupon_number) from c), 'the first that does'
);
select throws_ok(
  $$select coupon._refuse_quote(c.coupon_id, '[{"rule": "minimum_order_amount", "verdict": false, "error": "coupon_order_too_small", "actual": 5, "value": 6}]') from c$$,
  'MC018', (select format('order amount 5 is below the 6 that coupon %s asks for', c.coupon_number) from c), 'with its operands'
);

select * from finish();
rollback;
