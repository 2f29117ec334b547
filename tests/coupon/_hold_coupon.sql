begin;
select plan(11);

select has_function('coupon', '_hold_coupon', array['bigint', 'bigint', 'text', 'numeric', 'interval', 'jsonb', 'numeric', 'numeric', 'jsonb', 'jsonb']);
select function_returns('coupon', '_hold_coupon', array['bigint', 'bigint', 'text', 'numeric', 'interval', 'jsonb', 'numeric', 'numeric', 'jsonb', 'jsonb'], 'record');
select volatility_is('coupon', '_hold_coupon', array['bigint', 'bigint', 'text', 'numeric', 'interval', 'jsonb', 'numeric', 'numeric', 'jsonb', 'jsonb'], 'volatile');
select isnt_definer('coupon', '_hold_coupon', array['bigint', 'bigint', 'text', 'numeric', 'interval', 'jsonb', 'numeric', 'numeric', 'jsonb', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._hold_coupon(bigint, bigint, text, numeric, interval, jsonb, numeric, numeric, jsonb, jsonb)', 'execute'), 'applications may not call it');

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

create temporary table r as
select h.* from c cross join lateral coupon._hold_coupon(
  c.id, 1, 'o-1', 10000, '10 minutes', '{"shipping": 3000}', 2500, 2500, '{"lines": [], "verdicts": []}', null
) as h where c.p = 5;
select results_eq(
  $$
    select s.status::text, s.order_amount, s.shipping_amount, s.discount_amount, s.quote, s.exclusive, s.stack_group::text, s.expires_at
    from coupon.coupon_reservations as s join r using (reservation_id, expires_at)
  $$,
  $$values ('PENDING', 10000.00, 3000.00, 2500.00, '{"lines": [], "shipping": 2500, "verdicts": []}'::jsonb, false, null, timestamptz '2026-10-15 12:10+00')$$,
  'held, with how the discount came about'
);
select is((select i.status::text from coupon.coupon_issues as i join c on c.id = i.id where c.p = 5), 'RESERVED', 'the coupon follows');
set local moadb.now = '2026-10-15 12:05+00';
select results_eq(
  $$
    select h.* from c cross join lateral coupon._hold_coupon(
      c.id, 1, 'o-1', 9000, '10 minutes', '{}', 100, 0, '{"lines": []}', null
    ) as h where c.p = 5
  $$,
  $$select r.reservation_id, timestamptz '2026-10-15 12:15+00' from r$$, 'the same order again: the same reservation'
);
select results_eq(
  $$select s.order_amount, s.shipping_amount, s.discount_amount, s.quote from coupon.coupon_reservations as s join r using (reservation_id)$$,
  $$values (9000.00, 0.00, 100.00, '{"lines": [], "shipping": 0}'::jsonb)$$, 'judged anew'
);
select lives_ok(
  $$select coupon._hold_coupon(c.id, 1, 'o-2', 10000, '10 minutes', '{}', 1, 0, '{"lines": []}', null) from c where c.p = 2$$, 'one of a group'
);
select throws_ok(
  $$select coupon._hold_coupon(c.id, 1, 'o-2', 10000, '10 minutes', '{}', 1, 0, '{"lines": []}', null) from c where c.p = 3$$, 'MC035', null, 'a second'
);

select * from finish();
rollback;
