begin;
select plan(36);

select has_function('coupon', 'refund_share', array['text', 'bigint', 'jsonb', 'jsonb']);
select function_returns('coupon', 'refund_share', array['text', 'bigint', 'jsonb', 'jsonb'], 'record');
select volatility_is('coupon', 'refund_share', array['text', 'bigint', 'jsonb', 'jsonb'], 'stable');
select is_definer('coupon', 'refund_share', array['text', 'bigint', 'jsonb', 'jsonb']);
select ok(has_function_privilege('coupon_app', 'coupon.refund_share(text, bigint, jsonb, jsonb)', 'execute'), 'applications may call it');

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

create function pg_temp.refund(p_order text, p_lines jsonb, p_refunded jsonb default '[]') returns text language sql as $$
  select r.refund_amount || ' ' || r.discount_share || coalesce(' ' || (
    select string_agg(concat_ws('/', l ->> 'id', l ->> 'amount', l ->> 'discount', l ->> 'refund'), ', ' order by n)
    from jsonb_array_elements(r.lines) with ordinality as x (l, n)
  ), '')
  from coupon.refund_share(p_order, 1, p_lines, p_refunded) as r
$$;

-- T14: two items of 50 at 10 per cent
select coupon.reserve_coupons(pg_temp.numbers(2), 1, 'o-1', 100, p_context => '{"lines": [{"id": "a", "quantity": 2, "price": 50}]}');
select is(pg_temp.refund('o-1', '[{"id": "a", "quantity": 1}]'), '45 5 a/50/5/45', 'one of two: what was paid for it');
select is(pg_temp.refund('o-1', '[{"id": "a", "quantity": 1}]', '[{"id": "a", "quantity": 1}]'), '45 5 a/50/5/45', 'then the other');
select is(pg_temp.refund('o-1', '[{"id": "a"}]'), '90 10 a/100/10/90', 'or both');
select is(pg_temp.refund('o-1', '[{"id": "a"}]', '[{"id": "a", "quantity": 1}]'), '45 5 a/50/5/45', 'or what is left');
select is(pg_temp.refund('o-1', '[{"id": "a", "amount": 25}]'), '23 2 a/25/2/23', 'or part of the price');
select is(pg_temp.refund('o-1', '[]'), '0 0', 'or nothing');
select coupon.rollback_order('o-1', 1, null);
select coupon.reserve_coupon(c.number, 1, 'o-2', 100) from c where c.p = 2;
select is(pg_temp.refund('o-2', '[{"amount": 50}]'), '45 5 50/5/45', 'an order without lines');
select is(pg_temp.refund('o-2', '[{"id": "whatever", "amount": 50}]', '[{"id": "else", "amount": 50}]'), '45 5 50/5/45', 'whose lines nobody named');

-- piece by piece: the shares of a line sum to its discount
select coupon.reserve_coupons(pg_temp.numbers(1), 1, 'o-3', 10000, p_context => '{"lines": [{"id": "a", "quantity": 7, "amount": 7000}, {"id": "b", "amount": 3000}]}');
select is(
  (select sum((coupon.refund_share('o-3', 1, '[{"id": "a", "quantity": 1}]', jsonb_build_array(jsonb_build_object('id', 'a', 'quantity', n)))).discount_share) from generate_series(0, 6) as n),
  700::numeric, 'seven single ones'
);
select results_eq(
  $$select c - '{coupon_number,reservation_id}'::text[] from coupon.refund_share('o-3', 1, '[{"id": "a", "quantity": 6}]') as r cross join lateral jsonb_array_elements(r.coupons) as c$$,
  $$values ('{"discount_amount": 1000.00, "discount_share": 600, "discount_left": 400.00, "discount_now": 0, "still_applies": false,
    "refused": [{"rule": "minimum_order_amount", "value": 5000.00, "actual": 4000, "verdict": false, "reason": "amount_too_small", "error": "coupon_order_too_small"}]}'::jsonb)$$,
  'what remains is below the minimum: the shop is told'
);
select results_eq(
  $$select c -> 'discount_left', c -> 'discount_now', c -> 'still_applies' from coupon.refund_share('o-3', 1, '[{"id": "a", "quantity": 5}]') as r cross join lateral jsonb_array_elements(r.coupons) as c$$,
  $$values ('500.00'::jsonb, '1000'::jsonb, 'true'::jsonb)$$, 'what remains is enough for all of it'
);

-- several coupons
select coupon.reserve_coupons(pg_temp.numbers(8, 4, 5), 1, 'o-4', 10000, p_context => pg_temp.context());
select is(pg_temp.refund('o-4', '[{"id": "s"}]'), '0 7000 s/7000/7000/0', 'what cost nothing gives nothing back');
select is(
  (select sum((c ->> 'discount_share')::numeric) from coupon.refund_share('o-4', 1, '[{"id": "s"}, {"id": "t"}]') as r cross join lateral jsonb_array_elements(r.coupons) as c),
  10000::numeric, 'the shipping is not among the lines'
);
select coupon.confirm_order('o-4', 1);
select is(pg_temp.refund('o-4', '[{"id": "t"}]'), '0 3000 t/3000/3000/0', 'the same when it is used');

select throws_ok('select coupon.refund_share(null, 1, ''[]'')', 'MC001', 'p_order_id is null', 'no order');
select throws_ok('select coupon.refund_share(''o'', null, ''[]'')', 'MC001', 'p_user_id is null', 'no user');
select throws_ok('select coupon.refund_share(''o'', 1, null)', 'MC001', 'p_lines is null', 'no lines');
select throws_ok('select coupon.refund_share(''o'', 1, ''[]'', null)', 'MC001', 'p_refunded is null', 'null refunds');
select throws_ok('select coupon.refund_share(''o-3'', 2, ''[]'')', 'MC038', 'order o-3 of user 2 has no coupons', 'somebody else''s order');
select throws_ok('select coupon.refund_share(''o-1'', 1, ''[]'')', 'MC038', null, 'an order whose coupons went back');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''{}'')', 'MC039', 'these lines cannot be refunded: they are not a list', 'no list');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''[1]'')', 'MC039', 'these lines cannot be refunded: a line is not an object', 'no line');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''[{"id": "z"}]'')', 'MC039', 'these lines cannot be refunded: the order has no line z', 'another line');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''[{"quantity": 1}]'')', 'MC039', 'these lines cannot be refunded: the order has no line without id', 'a line without id');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''[{"id": "a", "quantity": 8}]'')', 'MC039', 'these lines cannot be refunded: line a is refunded more than once', 'more than there is');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''[{"id": "a", "quantity": 1}]'', ''[{"id": "a"}]'')', 'MC039', null, 'more than is left');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''[{"id": "a", "quantity": 0.5}]'')', 'MC039', 'these lines cannot be refunded: a quantity is a whole number, 0 or more', 'half an item');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''[{"id": "a", "amount": -1}]'')', 'MC039', 'these lines cannot be refunded: an amount is a number, 0 or more', 'below nothing');
select throws_ok('select coupon.refund_share(''o-3'', 1, ''[{"id": "a", "amount": 1, "quantity": 1}]'')', 'MC039', 'these lines cannot be refunded: a line has a quantity or an amount', 'both');
select throws_ok('select coupon.refund_share(''o-2'', 1, ''[{"id": "a"}]'')', 'MC039', 'these lines cannot be refunded: the order has no lines: say the amount', 'of an order without lines');
update coupon.coupon_reservations set context = context || '{"shipping": "abc"}' where order_id = 'o-2';
select lives_ok('select coupon.refund_share(''o-2'', 1, ''[]'')', 'a context that nobody looked at');

select * from finish();
rollback;
