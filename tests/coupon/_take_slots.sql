begin;
select plan(20);

select has_function('coupon', '_take_slots', array['coupon.coupon_reservations', 'coupon.coupon_reservations']);
select function_returns('coupon', '_take_slots', array['coupon.coupon_reservations', 'coupon.coupon_reservations'], 'void');
select volatility_is('coupon', '_take_slots', array['coupon.coupon_reservations', 'coupon.coupon_reservations'], 'volatile');
select isnt_definer('coupon', '_take_slots', array['coupon.coupon_reservations', 'coupon.coupon_reservations']);
select ok(not has_function_privilege('coupon_app', 'coupon._take_slots(coupon.coupon_reservations, coupon.coupon_reservations)', 'execute'), 'applications may not call it');

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
  (900009, 'USD', 'T9', 'FIXED_AMOUNT', 1, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'USD');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select p - 900000 as p, i.coupon_id as id, i.coupon_number as number from generate_series(900001, 900009) as p cross join lateral coupon.issue_coupon(p, 1) as i;
create function pg_temp.context() returns jsonb language sql as $$
  select '{"lines": [{"id": "s", "categories": ["shoes"], "amount": 7000}, {"id": "t", "amount": 3000}], "shipping": 3000}'::jsonb
$$;
create function pg_temp.numbers(variadic p_places integer[]) returns text[] language sql as $$
  select array_agg(c.number::text order by array_position(p_places, c.p)) from c where c.p = any (p_places)
$$;

prepare put(integer, text, boolean, text) as
insert into coupon.coupon_reservations (
  reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at, quote, exclusive, stack_group
)
select 'T-' || $1, c.id, 1, $2, 10, 0, '2026-10-15 12:00+00', '2026-10-15 12:30+00', '{}', $3, $4 from c where c.p = $1;

execute put(1, 'o-1', false, 'a');
select lives_ok('execute put(2, ''o-1'', false, ''b'')', 'two groups');
select lives_ok('execute put(3, ''o-1'', false, null)', 'of no group');
select throws_ok('execute put(4, ''o-1'', false, ''a'')', 'MC035', null, 'a second of the group');
select throws_ok('execute put(4, ''o-1'', true, null)', 'MC035', null, 'an exclusive one beside them');
select lives_ok('execute put(4, ''o-2'', true, ''a'')', 'an exclusive one by itself');
select throws_ok('execute put(5, ''o-2'', false, null)', 'MC035', null, 'any beside it');
select results_eq(
  'select s.order_id::text, s.slot::text, s.reservation_id::text from coupon.order_stacks as s order by 1, 2',
  $$values ('o-1', 'group a', 'T-1'), ('o-1', 'group b', 'T-2'), ('o-2', 'exclusive', 'T-4'), ('o-2', 'group a', 'T-4')$$, 'who has what'
);
update coupon.coupon_reservations set status = 'EXPIRED' where reservation_id = 'T-1';
select lives_ok('execute put(5, ''o-1'', false, ''a'')', 'when the first is over');
select throws_ok($$update coupon.coupon_reservations set status = 'CONFIRMED', confirmed_at = '2026-10-15 12:01+00' where reservation_id = 'T-1'$$, 'MC035', null, 'which is not taken up again beside it');
update coupon.coupon_reservations set status = 'CONFIRMED', confirmed_at = '2026-10-15 12:00+00' where reservation_id = 'T-5';
select is((select count(*) from coupon.order_stacks as s where s.reservation_id = 'T-5'), 1::bigint, 'paid: it stays');
update coupon.coupon_reservations set status = 'CANCELLED' where reservation_id = 'T-5';
select is((select count(*) from coupon.order_stacks as s where s.reservation_id = 'T-5'), 0::bigint, 'rolled back: it goes');

-- a payment that comes late
create temporary table h as
select r.reservation_id as id from c cross join lateral coupon.reserve_coupon(c.number, 1, 'o-3', 10000) as r where c.p = 8;
select coupon.cancel_reservation(h.id, null) from h;
select coupon.reserve_coupon(c.number, 1, 'o-3', 10000) from c where c.p = 1;
select throws_ok(
  format($$update coupon.coupon_reservations set status = 'CONFIRMED', confirmed_at = '2026-10-15 12:01+00' where reservation_id = %L$$, h.id),
  'MC035', null, 'for more than the order costs'
) from h;
select coupon.rollback_order('o-3', 1, null);
select coupon.reserve_coupon(c.number, 1, 'o-3', 10000) from c where c.p = 6;
select throws_ok(
  format($$update coupon.coupon_reservations set status = 'CONFIRMED', confirmed_at = '2026-10-15 12:01+00' where reservation_id = %L$$, h.id),
  'MC035', null, 'for a plain coupon beside an exclusive one'
) from h;
select coupon.rollback_order('o-3', 1, null);
select lives_ok(
  format($$update coupon.coupon_reservations set status = 'CONFIRMED', confirmed_at = '2026-10-15 12:01+00' where reservation_id = %L$$, h.id), 'by itself'
) from h;
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
