begin;
select plan(22);

select has_function('coupon', '_take_limits', array['coupon.coupon_reservations', 'coupon.coupon_reservations']);
select function_returns('coupon', '_take_limits', array['coupon.coupon_reservations', 'coupon.coupon_reservations'], 'void');
select volatility_is('coupon', '_take_limits', array['coupon.coupon_reservations', 'coupon.coupon_reservations'], 'volatile');
select isnt_definer('coupon', '_take_limits', array['coupon.coupon_reservations', 'coupon.coupon_reservations']);
select ok(not has_function_privilege('coupon_app', 'coupon._take_limits(coupon.coupon_reservations, coupon.coupon_reservations)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW'),
  (900002, 'a tenth', 'T2', 'PERCENTAGE', 10, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u as user_id, i.coupon_id as id, i.coupon_number::text as number
from generate_series(1, 9) as u cross join lateral coupon.issue_coupon(900001, u) as i;
insert into coupon.policy_limits (policy_id, per, attribute, period, measure, maximum)
values (900001, 'POLICY', null, 'TOTAL', 'AMOUNT', 2500), (900001, 'ATTRIBUTE', 'device', 'DAY', 'REDEMPTIONS', 1), (900001, 'USER', null, 'TOTAL', 'REDEMPTIONS', null);
create function pg_temp.used() returns text language sql as $$
  select string_agg(concat_ws(' ', l.per, u.period_start, nullif(u.subject, ''), u.used), ', ' order by l.id, u.period_start, u.subject)
  from coupon.v_limit_usages as u join coupon.policy_limits as l on l.id = u.limit_id where u.used > 0
$$;
prepare reserve(bigint, text, text) as
select r.discount_amount from c cross join lateral coupon.reserve_coupons(
  array[c.number], c.user_id, $2, 5000, p_context => jsonb_build_object('attributes', jsonb_build_object('device', $3))
) as r where c.user_id = $1;

execute reserve(1, 'o-1', 'x');
select is(pg_temp.used(), 'POLICY -infinity 1000, ATTRIBUTE 2026-10-15 x 1, USER -infinity 1 1', 'taken when the order reserves; also where there is no maximum');
execute reserve(1, 'o-1', 'x');
select is(pg_temp.used(), 'POLICY -infinity 1000, ATTRIBUTE 2026-10-15 x 1, USER -infinity 1 1', 'the same order again takes nothing more');
select throws_ok('execute reserve(2, ''o-2'', ''x'')', 'MC034', 'device x has reached the limit of 1.00 for coupons of policy 900001', 'the same device');
execute reserve(2, 'o-2', 'y');
select is(pg_temp.used(), 'POLICY -infinity 2000, ATTRIBUTE 2026-10-15 x 1, ATTRIBUTE 2026-10-15 y 1, USER -infinity 1 1, USER -infinity 2 1', 'another device has its own');
select throws_ok('execute reserve(3, ''o-3'', ''z'')', 'MC033', 'coupons of policy 900001 have reached their limit of 2500.00', 'the budget does not reach');
select is((select v.exhausted from coupon.v_policy_limits as v where v.per = 'ATTRIBUTE'), false, 'values at their limit do not make it look exhausted');
select results_eq(
  $$select v.per::text, v.used, v.subjects, v.subjects_at_limit, v.exhausted from coupon.v_policy_limits as v where v.policy_id = 900001 order by v.limit_id$$,
  $$values ('POLICY', 2000::numeric, 1::bigint, 0::bigint, false), ('ATTRIBUTE', 2, 2, 2, false), ('USER', 2, 2, 0, false)$$, 'who can still'
);
execute reserve(1, 'o-1', 'w');
select is(pg_temp.used(), 'POLICY -infinity 2000, ATTRIBUTE 2026-10-15 w 1, ATTRIBUTE 2026-10-15 y 1, USER -infinity 1 1, USER -infinity 2 1', 'another device: given back and taken');
select coupon.confirm_order('o-2', 2);
select is(pg_temp.used(), 'POLICY -infinity 2000, ATTRIBUTE 2026-10-15 w 1, ATTRIBUTE 2026-10-15 y 1, USER -infinity 1 1, USER -infinity 2 1', 'paid: it stays taken');
select coupon.cancel_reservation(r.reservation_id, null) from coupon.coupon_reservations as r where r.order_id = 'o-1';
select is(pg_temp.used(), 'POLICY -infinity 1000, ATTRIBUTE 2026-10-15 y 1, USER -infinity 2 1', 'given up: given back');
set local moadb.now = '2026-10-16 12:00+00';
execute reserve(3, 'o-3', 'y');
select is(pg_temp.used(), 'POLICY -infinity 2000, ATTRIBUTE 2026-10-15 y 1, ATTRIBUTE 2026-10-16 y 1, USER -infinity 2 1, USER -infinity 3 1', 'another day');
set local moadb.now = '2026-10-17 12:00+00';
select coupon.expire_reservations(10);
select is(pg_temp.used(), 'POLICY -infinity 1000, ATTRIBUTE 2026-10-15 y 1, USER -infinity 2 1', 'lapsed: given back to the day that it was taken from');
select coupon.rollback_redemption(c.number, 'refund') from c where c.user_id = 2;
select is(pg_temp.used(), null, 'rolled back: given back');

-- paid late
select coupon.confirm_reservation(r.reservation_id) from coupon.coupon_reservations as r where r.order_id = 'o-3';
select is(pg_temp.used(), 'POLICY -infinity 1000, ATTRIBUTE 2026-10-16 y 1, USER -infinity 3 1', 'paid after all: taken again');
execute reserve(4, 'o-4', 'v');
update coupon.policy_limits set maximum = 2000 where per = 'POLICY';
select throws_ok(
  $$select coupon.confirm_reservation(r.reservation_id) from coupon.coupon_reservations as r where r.order_id = 'o-1'$$, 'MC022', null,
  'paid late, and the budget went to others'
);
select throws_ok(
  $$
    insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at, limit_usage)
    select 'T-1', c.id, c.user_id, 'o-9', 5000, 1000, '2026-10-17 12:00+00', '2026-10-17 12:30+00',
      (select jsonb_agg(jsonb_build_object('limit_id', l.id, 'period_start', '-infinity', 'subject', '', 'amount', 1)) from coupon.policy_limits as l where l.per = 'POLICY')
    from c where c.user_id = 9
  $$, 'MC033', null, 'nor by raw SQL'
);
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
