begin;
select plan(9);

select has_function('coupon', '_find_coupon', array['text']);
select function_returns('coupon', '_find_coupon', array['text'], 'bigint');
select volatility_is('coupon', '_find_coupon', array['text'], 'stable');
select isnt_definer('coupon', '_find_coupon', array['text']);
select ok(not has_function_privilege('coupon_app', 'coupon._find_coupon(text)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as select i.* from coupon.issue_coupon(900001, 1) as i;

select is(coupon._find_coupon(c.coupon_number), c.coupon_id, 'by its number') from c;
select is(coupon._find_coupon(lower(' ' || left(c.coupon_number, 7) || '-' || substr(c.coupon_number, 8))), c.coupon_id, 'however it is typed') from c;
select throws_ok('select coupon._find_coupon(''CPN1'')', 'MC012', 'there is no coupon CPN1', 'none');
select throws_ok('select coupon._find_coupon(null)', 'MC012', null, 'null is none');

select * from finish();
rollback;
