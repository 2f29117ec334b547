begin;
select plan(22);

select has_function('coupon', 'quote_coupon', array['text', 'bigint', 'numeric', 'jsonb']);
select function_returns('coupon', 'quote_coupon', array['text', 'bigint', 'numeric', 'jsonb'], 'record');
select volatility_is('coupon', 'quote_coupon', array['text', 'bigint', 'numeric', 'jsonb'], 'stable');
select is_definer('coupon', 'quote_coupon', array['text', 'bigint', 'numeric', 'jsonb']);
select ok(has_function_privilege('coupon_app', 'coupon.quote_coupon(text, bigint, numeric, jsonb)', 'execute'), 'applications may call it');

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
  $$select q.* from c cross join lateral coupon.quote_coupon(c.number, 1, 10000) as q where c.p = 1$$,
  $$
    select 1000::numeric, 9000::numeric, true, '[{"rule": "holder", "verdict": true}, {"rule": "status", "actual": "ISSUED", "verdict": true},
      {"rule": "minimum_order_amount", "value": 5000.00, "actual": 10000, "verdict": true}]'::jsonb, '[]'::jsonb
  $$, 'discount, payable, every rule'
);
select results_eq(
  $$select q.discount_amount, q.payable_amount, q.applicable, q.lines from c cross join lateral coupon.quote_coupon(c.number, 1, 10000, pg_temp.context()) as q where c.p = 4$$,
  $$values (700::numeric, 12300::numeric, true, '[{"id": "s", "amount": 7000, "discount": 700}, {"id": "t", "amount": 3000, "discount": 0}]'::jsonb)$$,
  'split over the lines, shipping on top'
);
select results_eq(
  $$select q.discount_amount, q.payable_amount, q.applicable, q.verdicts -> 2 ->> 'sqlstate' from c cross join lateral coupon.quote_coupon(c.number, 1, 4999) as q where c.p = 1$$,
  $$values (0::numeric, 4999::numeric, false, 'MC018')$$, 'refused, not raised'
);
select results_eq(
  $$select q.discount_amount, q.verdicts -> 0 ->> 'sqlstate' from c cross join lateral coupon.quote_coupon(lower(c.number), 2, 9999) as q where c.p = 1$$,
  $$values (0::numeric, 'MC013')$$, 'somebody else''s'
);
select coupon.reserve_coupon(c.number, 1, 'o-1', 5000) from c where c.p = 1;
select is((select q.applicable from c cross join lateral coupon.quote_coupon(c.number, 1, 9999, '{"order_id": "o-1"}') as q where c.p = 1), true, 'held by the same order');
select is((select q.applicable from c cross join lateral coupon.quote_coupon(c.number, 1, 9999) as q where c.p = 1), false, 'held by another');
select is((select count(*) from coupon.coupon_reservations), 1::bigint, 'nothing is written');

select throws_ok('select coupon.quote_coupon(null, 1, 1)', 'MC001', 'p_coupon_number is null', 'no number');
select throws_ok('select coupon.quote_coupon(''x'', null, 1)', 'MC001', 'p_user_id is null', 'no user');
select throws_ok('select coupon.quote_coupon(''x'', 1, null)', 'MC001', 'p_order_amount is null', 'no amount');
select throws_ok('select coupon.quote_coupon(''x'', 1, 1, null)', 'MC001', 'p_context is null', 'no context');
select throws_ok('select coupon.quote_coupon(''x'', 1, -1)', 'MC011', 'p_order_amount -1 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'below nothing');
select throws_ok('select coupon.quote_coupon(''x'', 1, ''NaN'')', 'MC011', 'p_order_amount NaN is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'no number');
select throws_ok('select coupon.quote_coupon(''x'', 1, 1)', 'MC012', 'there is no coupon x', 'no coupon');
select throws_ok($$select coupon.quote_coupon(c.number, 1, 1, '{"lines": 1}') from c where c.p = 1$$, 'MC031', null, 'lines that are none');

-- whatever stands where something else is expected
create function pg_temp.outcome(p_number text, p_context jsonb) returns text language plpgsql as $$
begin
  perform coupon.quote_coupon(p_number, 1, 1000, p_context);
  perform coupon.quote_coupons(array[p_number], 1, 1000, p_context);
  return 'answered';
exception
  when others then
    return sqlstate;
end;
$$;
select is_empty(
  $q$
    select x.outcome, x.context
    from c
    cross join (values ('null'), ('true'), ('-1'), ('1.5'), ('1e300'), ('"x"'), ('""'), ('[]'), ('["x"]'), ('[null]'), ('[[]]'), ('{}'), ('{"a": 1}')) as v (value)
    cross join (
      values ('{"%s": 1}'), ('{"lines": %s}'), ('{"lines": [%s]}'), ('{"shipping": %s}'), ('{"currency": %s}'), ('{"first_order": %s}'), ('{"segment": %s}'),
        ('{"channel": %s}'), ('{"attributes": %s}'), ('{"order_id": %s}'), ('{"lines": [{"amount": %s}]}'), ('{"lines": [{"price": %s}]}'),
        ('{"lines": [{"amount": 1000, "quantity": %s}]}'), ('{"lines": [{"amount": 1000, "id": %s}]}'),
        ('{"lines": [{"amount": 1000, "product": %s}]}'), ('{"lines": [{"amount": 1000, "categories": %s}]}')
    ) as k (context)
    cross join lateral (
      select pg_temp.outcome(c.number, t.context::jsonb) as outcome, t.context
      from (select format(k.context, case when k.context like '{"\%s"%' then 'x' else v.value end) as context) as t
    ) as x
    where x.outcome not in ('answered', 'MC031')
  $q$, 'is answered, or refused by its own error'
);
select throws_ok('select coupon.quote_coupon(''x'', 1, 100.005)', 'MC011', 'p_order_amount 100.005 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'three decimals');

select * from finish();
rollback;
