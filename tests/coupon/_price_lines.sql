begin;
select plan(25);

select has_function('coupon', '_price_lines', array['coupon.coupon_policies', 'jsonb', 'boolean[]', 'numeric[]', 'numeric', 'numeric']);
select function_returns('coupon', '_price_lines', array['coupon.coupon_policies', 'jsonb', 'boolean[]', 'numeric[]', 'numeric', 'numeric'], 'record');
select volatility_is('coupon', '_price_lines', array['coupon.coupon_policies', 'jsonb', 'boolean[]', 'numeric[]', 'numeric', 'numeric'], 'immutable');
select isnt_definer('coupon', '_price_lines', array['coupon.coupon_policies', 'jsonb', 'boolean[]', 'numeric[]', 'numeric', 'numeric']);
select ok(not has_function_privilege('coupon_app', 'coupon._price_lines(coupon.coupon_policies, jsonb, boolean[], numeric[], numeric, numeric)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'a third', 'T2', 'PERCENTAGE', 33.33, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900003, 'capped', 'T3', 'PERCENTAGE', 50, 0, 500, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900004, 'shipping', 'T4', 'FREE_SHIPPING', 0, 0, 2500, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900005, 'each 1,000', 'T5', 'FIXED_PRICE', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[{"rule": "products", "exclude": ["b"]}]', 'KRW'),
  (900006, '2 + 1', 'T6', 'BUY_X_GET_Y', 100, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', 2, 1, null, false, 0, '[]', 'KRW'),
  (900007, '1 + 1 half', 'T7', 'BUY_X_GET_Y', 50, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', 1, 1, null, false, 0, '[{"rule": "products", "exclude": ["b"]}]', 'KRW'),
  (900008, 'gift', 'T8', 'GIFT_BALANCE', 5000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900009, 'USD tenth', 'T9', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'USD'),
  (900010, 'all', 'T10', 'PERCENTAGE', 100, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900011, '2 + 1 capped', 'T11', 'BUY_X_GET_Y', 100, 0, 1001, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', 2, 1, null, false, 0, '[]', 'KRW');
create function pg_temp.price(p_policy bigint, p_lines jsonb, p_left numeric[], p_shipping numeric default 0, p_balance numeric default null)
  returns text language sql as $$
  select x.discount || ' ' || x.shipping || ' ' || x.parts::text
  from coupon.coupon_policies as p
  cross join lateral coupon._price_lines(p, p_lines, coupon._eligible_lines(p.rules, p_lines), p_left, p_shipping, p_balance) as x
  where p.id = p_policy
$$;

create temporary table l as
select '[{"id": "1", "product": "a", "quantity": 1, "amount": 1000}, {"id": "2", "product": "b", "quantity": 1, "amount": 1000},
  {"id": "3", "product": "c", "quantity": 1, "amount": 1000}]'::jsonb as thirds,
  '[{"id": "1", "product": "a", "quantity": 3, "amount": 6000}, {"id": "2", "product": "b", "quantity": 2, "amount": 1000}]'::jsonb as mixed;

select is(pg_temp.price(900001, l.thirds, '{1000, 1000, 1000}'), '1000 0 {334,333,333}', 'an amount, split to the last won') from l;
select is(pg_temp.price(900001, l.thirds, '{300, 0, 200}'), '500 0 {300,0,200}', 'never more than is left') from l;
select is(pg_temp.price(900002, l.thirds, '{1000, 1000, 1000}'), '1000 0 {334,333,333}', 'odd per cent: 999.9, rounded once') from l;
select is(pg_temp.price(900002, l.thirds, '{1, 0, 0}'), '0 0 {0,0,0}', 'less than half a won') from l;
select is(pg_temp.price(900003, l.thirds, '{1000, 1000, 1000}'), '500 0 {167,167,166}', 'capped') from l;
select is(pg_temp.price(900010, l.thirds, '{1000, 999, 1}'), '2000 0 {1000,999,1}', 'all of it') from l;
select is(pg_temp.price(900004, l.thirds, '{1000, 1000, 1000}', 3000), '2500 2500 {0,0,0}', 'shipping, capped') from l;
select is(pg_temp.price(900004, l.thirds, '{1000, 1000, 1000}', 2000), '2000 2000 {0,0,0}', 'all the shipping') from l;
select is(pg_temp.price(900005, l.mixed, '{6000, 1000}'), '3000 0 {3000,0}', 'three for 1,000 each, the other line is not meant') from l;
select is(pg_temp.price(900005, l.thirds, '{1000, 1000, 900}'), '0 0 {0,0,0}', 'what costs no more is not made dearer') from l;
select is(pg_temp.price(900006, l.mixed, '{6000, 1000}'), '500 0 {0,500}', 'of five items the cheapest one') from l;
select is(
  pg_temp.price(900006, '[{"id": "1", "quantity": 4, "amount": 4000}, {"id": "2", "quantity": 2, "amount": 1000}]', '{4000, 1000}'),
  '1000 0 {0,1000}', 'of six items the cheapest two'
);
select is(
  pg_temp.price(900006, '[{"id": "1", "quantity": 8, "amount": 8000}, {"id": "2", "quantity": 1, "amount": 100}]', '{8000, 100}'),
  '2100 0 {2000,100}', 'of nine items three, from two lines'
);
select is(pg_temp.price(900006, l.mixed, '{6000, 0}'), '0 0 {0,0}', 'what costs nothing any more is the cheapest') from l;
select is(pg_temp.price(900007, l.mixed, '{6001, 1000}'), '1000 0 {1000,0}', 'half off the second of three: 1000.17') from l;
select is(pg_temp.price(900011, '[{"id": "1", "quantity": 6, "amount": 6000}]', '{6000}'), '1001 0 {1001}', 'capped');
select is(pg_temp.price(900008, l.thirds, '{1000, 1000, 1000}', 0, 1234), '1234 0 {412,411,411}', 'what is left of the balance') from l;
select is(pg_temp.price(900008, l.thirds, '{1000, 1000, 1000}', 0, 5000), '3000 0 {1000,1000,1000}', 'or of the order') from l;
select is(pg_temp.price(900009, l.thirds, '{10.05, 0.05, 0.04}'), '1.01 0 {1.00,0.01,0.00}', 'cents, half a cent goes up') from l;
select is(pg_temp.price(900001, '[]', '{}'), '0 0 {}', 'an empty order');

select * from finish();
rollback;
