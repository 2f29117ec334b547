begin;
select plan(9);

select has_function('coupon', '_take_stock', array['bigint']);
select function_returns('coupon', '_take_stock', array['bigint'], 'boolean');
select volatility_is('coupon', '_take_stock', array['bigint'], 'volatile');
select isnt_definer('coupon', '_take_stock', array['bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._take_stock(bigint)', 'execute'), 'not for applications');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, valid_days, issue_start_date, issue_end_date
)
values (900001, 'two', 'T-TWO', 'FIXED_AMOUNT', 1000, 'DIRECT', 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');

select is(coupon._take_stock(900001), true, 'takes one');
select is((select sum(s.remaining) from coupon.coupon_stock as s where s.policy_id = 900001), 1::bigint, 'one is left');
select is(array[coupon._take_stock(900001), coupon._take_stock(900001)], array[true, false], 'takes the last, then nothing');
select is(coupon._take_stock(-1), false, 'nothing where there is no stock');

select * from finish();
rollback;
