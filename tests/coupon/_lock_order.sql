begin;
select plan(7);

select has_function('coupon', '_lock_order', array['text', 'bigint', 'bigint[]']);
select function_returns('coupon', '_lock_order', array['text', 'bigint', 'bigint[]'], 'void');
select volatility_is('coupon', '_lock_order', array['text', 'bigint', 'bigint[]'], 'volatile');
select isnt_definer('coupon', '_lock_order', array['text', 'bigint', 'bigint[]']);
select ok(not has_function_privilege('coupon_app', 'coupon._lock_order(text, bigint, bigint[])', 'execute'), 'applications may not call it');

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

select coupon.reserve_coupons(pg_temp.numbers(1, 2), 1, 'o-1', 10000);
select coupon.reserve_coupons(pg_temp.numbers(5), 1, 'o-2', 10000, p_context => pg_temp.context());
set local moadb.now = '2026-10-15 12:30+00';
select coupon._lock_order('o-1', 1, (select array_agg(c.id) from c where c.p = 2));
select results_eq(
  $$select c.p, r.status::text from coupon.coupon_reservations as r join c on c.id = r.coupon_id order by c.p$$,
  $$values (1, 'EXPIRED'), (2, 'PENDING'), (5, 'PENDING')$$, 'what has lapsed is let go, but for what the caller deals with'
);
select is(
  (select count(*) from pg_locks as l where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.classid = 19783 and l.granted), 2::bigint,
  'alone with the order (and with the one that was reserved before)'
);

select * from finish();
rollback;
