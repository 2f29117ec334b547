begin;
select plan(24);

select has_function('coupon', '_confirm_reservation', array['text']);
select function_returns('coupon', '_confirm_reservation', array['text'], 'coupon.redeemed_coupon');
select volatility_is('coupon', '_confirm_reservation', array['text'], 'volatile');
select isnt_definer('coupon', '_confirm_reservation', array['text']);
select ok(not has_function_privilege('coupon_app', 'coupon._confirm_reservation(text)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_count,
  max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'a thousand', 'T-AMOUNT', 'FIXED_AMOUNT', 1000, 5000, null, 'DIRECT', 100, 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'a tenth', 'T-TENTH', 'PERCENTAGE', 10, 0, 3000, 'DIRECT', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select u as user_id, i.coupon_id as id, i.coupon_number as number
from generate_series(1, 9) as u cross join lateral coupon.issue_coupon(900001, u) as i;

create temporary table r as
select c.user_id, c.number, r.* from c cross join lateral coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) as r where c.user_id < 5;
prepare confirm(bigint) as
select x.coupon_id, x.coupon_number::text, x.order_id::text, x.discount_amount, x.used_at
from r cross join lateral coupon._confirm_reservation(r.reservation_id) as x where r.user_id = $1;

select results_eq(
  'execute confirm(1)', $$select r.coupon_id, r.number::text, 'o-1', 1000.00, timestamptz '2026-10-15 12:00+00' from r where r.user_id = 1$$, 'a hold that lasts'
);
select results_eq(
  'execute confirm(1)', $$select r.coupon_id, r.number::text, 'o-1', 1000.00, timestamptz '2026-10-15 12:00+00' from r where r.user_id = 1$$, 'one that is paid'
);
select coupon.cancel_reservation(r.reservation_id, null) from r where r.user_id = 2;
select lives_ok('execute confirm(2)', 'one that was cancelled');

select throws_ok('select coupon._confirm_reservation(null)', 'MC001', 'p_reservation_id is null', 'no reservation');
select throws_ok('select coupon._confirm_reservation(''x'')', 'MC019', 'there is no reservation x', 'an unknown one');
select coupon.rollback_redemption(r.number, null) from r where r.user_id = 1;
select throws_ok('execute confirm(1)', 'MC021', null, 'rolled back');
select coupon.cancel_reservation(r.reservation_id, null) from r where r.user_id = 3;
select coupon.reserve_coupon(r.number, 3, 'other', 5000) from r where r.user_id = 3;
select throws_ok(
  'execute confirm(3)', 'MC022',
  (select format('reservation %s of order o-3 came too late: its coupon is held by order other', r.reservation_id) from r where r.user_id = 3),
  'another order has it'
);

-- Coupons that may be redeemed several times
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date, max_redemptions
)
values
  (900003, 'any number', 'T-ANY', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null),
  (900004, 'twice', 'T-TWICE', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', 2),
  (900005, 'gift', 'T-GIFT', 'GIFT_BALANCE', 10000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', 1),
  (900006, 'in all 1,500', 'T-BUDGET', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null);
select coupon.set_policy_limit(900006, 'POLICY', 1500, p_measure => 'AMOUNT');
create temporary table m as
select p as policy_id, i.coupon_id as id, i.coupon_number as number
from generate_series(900003, 900006) as p cross join lateral coupon.issue_coupon(p, 1) as i;
create function pg_temp.hold(p_policy_id bigint, p_order_id text, p_amount numeric) returns text language sql as $$
  select r.reservation_id::text from m cross join lateral coupon.reserve_coupon(m.number, 1, p_order_id, p_amount) as r where m.policy_id = p_policy_id
$$;
create function pg_temp.release(p_policy_id bigint, p_order_id text, p_amount numeric) returns void language sql as $$
  select coupon.cancel_reservation(pg_temp.hold(p_policy_id, p_order_id, p_amount), null)
$$;
create function pg_temp.pay(p_policy_id bigint, p_order_id text) returns numeric language sql as $$
  select x.discount_amount
  from coupon.coupon_reservations as r
  join m on m.id = r.coupon_id and m.policy_id = p_policy_id
  cross join lateral coupon.confirm_reservation(r.reservation_id) as x
  where r.order_id = p_order_id
$$;
prepare state(bigint) as
select i.status::text, i.order_id::text, i.redemption_count, i.balance from coupon.coupon_issues as i join m on m.id = i.id where m.policy_id = $1;

select pg_temp.release(900003, 'm-1', 5000), pg_temp.hold(900003, 'm-2', 5000);
select is(pg_temp.pay(900003, 'm-1'), 1000.00, 'late, while another order holds it: both have it');
select results_eq('execute state(900003)', $$values ('RESERVED', 'm-2', 1, null::numeric)$$, 'the hold stays');
select is(pg_temp.pay(900003, 'm-2'), 1000.00, 'and is paid');
select pg_temp.release(900004, 'm-1', 5000), pg_temp.release(900004, 'm-2', 5000), pg_temp.hold(900004, 'm-3', 5000);
select is(pg_temp.pay(900004, 'm-1'), 1000.00, 'one of two');
select throws_ok('select pg_temp.pay(900004, ''m-2'')', 'MC022', null, 'the other is that of the hold');
select is(pg_temp.pay(900004, 'm-3'), 1000.00, 'which has it');
select pg_temp.release(900005, 'g-1', 4000), pg_temp.release(900005, 'g-2', 6000), pg_temp.hold(900005, 'g-3', 3000);
select is(pg_temp.pay(900005, 'g-1'), 4000.00, 'a balance that is enough for both');
select throws_ok('select pg_temp.pay(900005, ''g-2'')', 'MC022', null, 'and no more for a third');
select is(pg_temp.pay(900005, 'g-3'), 3000.00, 'so the hold has it');
select throws_ok(
  'select pg_temp.pay(900005, ''g-2'')', 'MC022',
  (select format('reservation %s of order g-2 came too late: its coupon has a balance of 3000.00 left', r.reservation_id)
   from coupon.coupon_reservations as r join m on m.id = r.coupon_id and m.policy_id = 900005 where r.order_id = 'g-2'), 'and says what is left'
);
select pg_temp.release(900006, 'b-1', 5000), pg_temp.hold(900006, 'b-2', 5000);
select pg_temp.pay(900006, 'b-2');
select throws_ok(
  'select pg_temp.pay(900006, ''b-1'')', 'MC022',
  (select format('reservation %s of order b-1 came too late: coupons of policy 900006 have reached their limit of 1500.00', r.reservation_id)
   from coupon.coupon_reservations as r join m on m.id = r.coupon_id and m.policy_id = 900006 where r.order_id = 'b-1'), 'a limit that went to others'
);
select is((select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'all adds up');

select * from finish();
rollback;
