begin;
select plan(13);

select has_function('coupon', '_find_coupons', array['text[]']);
select function_returns('coupon', '_find_coupons', array['text[]'], 'bigint[]');
select volatility_is('coupon', '_find_coupons', array['text[]'], 'stable');
select isnt_definer('coupon', '_find_coupons', array['text[]']);
select ok(not has_function_privilege('coupon_app', 'coupon._find_coupons(text[])', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u, i.* from generate_series(1, 11) as u cross join lateral coupon.issue_coupon(900001, u) as i;
create function pg_temp.numbers(variadic p_users integer[]) returns text[] language sql as $$
  select array_agg(c.coupon_number::text order by array_position(p_users, c.u)) from c where c.u = any (p_users)
$$;

select is(
  coupon._find_coupons(pg_temp.numbers(3, 1, 2)),
  (select array[c3.coupon_id, c1.coupon_id, c2.coupon_id] from c as c1, c as c2, c as c3 where (c1.u, c2.u, c3.u) = (1, 2, 3)), 'in their order'
);
select is(coupon._find_coupons('{}'), '{}', 'none');
select throws_ok('select coupon._find_coupons(null)', 'MC001', 'p_coupon_numbers is null', 'null');
select throws_ok('select coupon._find_coupons(array[null])', 'MC001', 'p_coupon_numbers is null', 'null among them');
select throws_ok('select coupon._find_coupons(''{{x},{y}}'')', 'MC011', 'p_coupon_numbers (a list of lists) is not accepted: it is a list of strings', 'lists');
select throws_ok($$select coupon._find_coupons(pg_temp.numbers(1) || lower((pg_temp.numbers(1))[1]))$$, 'MC011', null, 'twice the same');
select throws_ok($$select coupon._find_coupons(pg_temp.numbers(1,2,3,4,5,6,7,8,9,10,11))$$, 'MC011', 'p_coupon_numbers of 11 is not accepted: ten at most', 'more than ten');
select throws_ok($$select coupon._find_coupons(pg_temp.numbers(1) || array['CPN1'])$$, 'MC012', null, 'one that is none');

select * from finish();
rollback;
