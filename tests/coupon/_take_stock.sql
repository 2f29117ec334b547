begin;
select plan(14);

select has_function('coupon', '_take_stock', array['bigint', 'integer']);
select function_returns('coupon', '_take_stock', array['bigint', 'integer'], 'integer');
select volatility_is('coupon', '_take_stock', array['bigint', 'integer'], 'volatile');
select isnt_definer('coupon', '_take_stock', array['bigint', 'integer']);
select ok(not has_function_privilege('coupon_app', 'coupon._take_stock(bigint, integer)', 'execute'), 'not for applications');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'two', 'T-TWO', 'FIXED_AMOUNT', 1000, 'DIRECT', 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'many', 'T-MANY', 'FIXED_AMOUNT', 1000, 'DIRECT', 128000, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'some', 'T-SOME', 'FIXED_AMOUNT', 1000, 'DIRECT', 300, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');

select is(coupon._take_stock(900001, 1), 1, 'takes one');
select is((select sum(s.remaining) from coupon.coupon_stock as s where s.policy_id = 900001), 1::bigint, 'one is left');
select is(array[coupon._take_stock(900001, 1), coupon._take_stock(900001, 1)], array[1, 0], 'takes the last, then nothing');
select is(coupon._take_stock(-1, 1), 0, 'nothing where there is no stock');

select is(coupon._take_stock(900002, 1000), 1000, 'a batch');
select is(
  (select count(*) from coupon.coupon_stock as s where s.policy_id = 900002 and s.remaining < s.capacity), 1::bigint, 'from one stripe if it can'
);
select is(coupon._take_stock(900003, 250), 250, 'from many stripes if it must');
select is(coupon._take_stock(900003, 250), 50, 'and what is left if that is all');
select is(
  (select array_agg(distinct s.remaining::integer) from coupon.coupon_stock as s where s.policy_id = 900003), array[0], 'every stripe is empty then'
);

select * from finish();
rollback;
