begin;
select plan(21);

select has_function('coupon', 'quote_coupons', array['text[]', 'bigint', 'numeric', 'jsonb']);
select function_returns('coupon', 'quote_coupons', array['text[]', 'bigint', 'numeric', 'jsonb'], 'setof record');
select volatility_is('coupon', 'quote_coupons', array['text[]', 'bigint', 'numeric', 'jsonb'], 'stable');
select is_definer('coupon', 'quote_coupons', array['text[]', 'bigint', 'numeric', 'jsonb']);
select ok(has_function_privilege('coupon_app', 'coupon.quote_coupons(text[], bigint, numeric, jsonb)', 'execute'), 'applications may call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, '1,000 off', 'T1', 'FIXED_AMOUNT', 1000, 5000, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'a tenth', 'T2', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, 'rate', false, 0, '[]', 'KRW'),
  (900003, 'a fifth, small', 'T3', 'PERCENTAGE', 20, 0, 1500, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, 'rate', false, 5, '[]', 'KRW'),
  (900004, 'shoes: a tenth', 'T4', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[{"rule": "categories", "include": ["shoes"]}]', 'KRW'),
  (900005, 'shipping', 'T5', 'FREE_SHIPPING', 0, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900006, 'alone', 'T6', 'FIXED_AMOUNT', 4000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, true, 0, '[]', 'KRW'),
  (900007, 'alone, better', 'T7', 'FIXED_AMOUNT', 9000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, true, 0, '[]', 'KRW'),
  (900008, '100 %', 'T8', 'PERCENTAGE', 100, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900009, 'USD', 'T9', 'FIXED_AMOUNT', 1, 2, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'USD');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select p - 900000 as p, i.coupon_id as id, i.coupon_number as number from generate_series(900001, 900009) as p cross join lateral coupon.issue_coupon(p, 1) as i;
create function pg_temp.context() returns jsonb language sql as $$
  select '{"lines": [{"id": "s", "categories": ["shoes"], "amount": 7000}, {"id": "t", "amount": 3000}], "shipping": 3000}'::jsonb
$$;
create function pg_temp.numbers(variadic p_places integer[]) returns text[] language sql as $$
  select array_agg(c.number::text order by array_position(p_places, c.p)) from c where c.p = any (p_places)
$$;

select results_eq(
  $$select q.coupon_id, q.applicable, q.discount_amount, q.payable_amount, q.lines from coupon.quote_coupons(pg_temp.numbers(1, 2, 4, 3), 1, 10000, pg_temp.context()) as q$$,
  $$
    select c.id, x.applicable, x.discount, x.payable, x.lines
    from (values
      (1, true, 1000::numeric, 9800::numeric, '[{"id": "s", "amount": 7000, "discount": 677}, {"id": "t", "amount": 3000, "discount": 323}]'::jsonb),
      (2, false, 0, 9800, '[]'), (4, true, 700, 9800, '[{"id": "s", "amount": 7000, "discount": 700}, {"id": "t", "amount": 3000, "discount": 0}]'),
      (3, true, 1500, 9800, '[{"id": "s", "amount": 7000, "discount": 1016}, {"id": "t", "amount": 3000, "discount": 484}]')
    ) as x (p, applicable, discount, payable, lines)
    join c on c.p = x.p
    order by array_position(array[1, 2, 4, 3], c.p)
  $$, 'which go together, what each takes off, what is left to pay'
);
select results_eq(
  $$select (q.verdicts @> '[{"rule": "stacking", "verdict": false, "reason": "better_alternative", "sqlstate": "MC035"}]') from coupon.quote_coupons(pg_temp.numbers(2, 3), 1, 10000) as q$$,
  'values (true), (false)', 'and why not'
);
select is_empty('select * from coupon.quote_coupons(''{}'', 1, 10000)', 'no coupons');
select is((select count(*) from coupon.coupon_reservations), 0::bigint, 'nothing is written');

select throws_ok('select coupon.quote_coupons(null, 1, 1)', 'MC001', 'p_coupon_numbers is null', 'no numbers');
select throws_ok('select coupon.quote_coupons(''{}'', null, 1)', 'MC001', 'p_user_id is null', 'no user');
select throws_ok('select coupon.quote_coupons(''{}'', 1, null)', 'MC001', 'p_order_amount is null', 'no amount');
select throws_ok('select coupon.quote_coupons(''{}'', 1, 1, null)', 'MC001', 'p_context is null', 'no context');
select throws_ok('select coupon.quote_coupons(''{}'', 1, 1e20)', 'MC011', null, 'too much');
select throws_ok('select coupon.quote_coupons(''{x}'', 1, 1)', 'MC012', 'there is no coupon x', 'no coupon');
select throws_ok($$select coupon.quote_coupons(pg_temp.numbers(1) || pg_temp.numbers(1), 1, 1)$$, 'MC011', null, 'twice the same');
select throws_ok($$select coupon.quote_coupons(pg_temp.numbers(1), 1, 1, '[]')$$, 'MC031', 'the context of the order cannot be read: it is not an object', 'no object');
select throws_ok('select coupon.quote_coupons(''{x}'', 1, 100.005)', 'MC011', 'p_order_amount 100.005 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'three decimals');
select throws_ok('select coupon.quote_coupons(''{{x},{y}}'', 1, 1)', 'MC011', 'p_coupon_numbers (a list of lists) is not accepted: it is a list of strings', 'lists');
create temporary table free as
select array_agg(i.coupon_number::text order by i.coupon_id) as numbers from generate_series(1, 2) as n cross join lateral coupon.issue_coupon(900005 + n * 0, 1) as i;
select results_eq(
  $$select q.applicable, q.discount_amount from free cross join lateral coupon.quote_coupons(free.numbers, 1, 0, '{"lines": [], "shipping": 3000}') as q$$,
  'values (true, 3000::numeric), (false, 0)', 'an order of nothing but its shipping'
);
select results_eq(
  $$select q.applicable, q.discount_amount from free cross join lateral coupon.quote_coupons(free.numbers, 1, 0, '{"lines": [], "shipping": 3000, "order_id": "o"}') as q$$,
  'values (true, 3000::numeric), (false, 0)', 'whatever order it is'
);

select * from finish();
rollback;
