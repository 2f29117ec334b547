begin;
select plan(16);

select has_function('coupon', 'rollback_order', array['text', 'bigint', 'text']);
select function_returns('coupon', 'rollback_order', array['text', 'bigint', 'text'], 'setof record');
select volatility_is('coupon', 'rollback_order', array['text', 'bigint', 'text'], 'volatile');
select is_definer('coupon', 'rollback_order', array['text', 'bigint', 'text']);
select ok(has_function_privilege('coupon_app', 'coupon.rollback_order(text, bigint, text)', 'execute'), 'applications may call it');

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
insert into coupon.policy_limits (policy_id, per, maximum) values (900001, 'USER', 1);

select coupon.reserve_coupons(pg_temp.numbers(1, 4, 5), 1, 'o-1', 10000, p_context => pg_temp.context());
select coupon.confirm_order('o-1', 1);
select is((select u.used from coupon.v_limit_usages as u), 1::numeric, 'a limit that is used up');
select results_eq(
  $$select c.p, o.status::text from coupon.rollback_order('o-1', 1, 'refund') as o join c on c.id = o.coupon_id order by c.p$$,
  $$values (1, 'ISSUED'), (4, 'ISSUED'), (5, 'ISSUED')$$, 'all of them go back'
);
select is((select u.used from coupon.v_limit_usages as u), 0::numeric, 'and so does what they took of limits');
select is((select count(*) from coupon.coupon_reservations as r where r.status = 'CANCELLED' and r.cancelled_reason = 'refund'), 3::bigint, 'for the record');
select is_empty('select * from coupon.rollback_order(''o-1'', 1, ''refund'')', 'again: nothing');
select coupon.reserve_coupons(pg_temp.numbers(1, 4), 1, 'o-2', 10000, p_context => pg_temp.context());
select is((select count(*) from coupon.rollback_order('o-2', 1, 'declined')), 2::bigint, 'an order that was only held');
select is((select count(*) from coupon.reserve_coupons(pg_temp.numbers(1, 4), 1, 'o-2', 10000, p_context => pg_temp.context())), 2::bigint, 'and tried again');

select throws_ok('select coupon.rollback_order(null, 1, ''x'')', 'MC001', 'p_order_id is null', 'no order');
select throws_ok('select coupon.rollback_order(''o'', null, ''x'')', 'MC001', 'p_user_id is null', 'no user');
select throws_ok('select coupon.rollback_order(''o-1'', 2, ''x'')', 'MC038', 'order o-1 of user 2 has no coupons', 'somebody else''s order');
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
