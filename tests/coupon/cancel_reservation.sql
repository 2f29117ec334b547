begin;
select plan(14);

select has_function('coupon', 'cancel_reservation', array['text', 'text']);
select function_returns('coupon', 'cancel_reservation', array['text', 'text'], 'character varying');
select volatility_is('coupon', 'cancel_reservation', array['text', 'text'], 'volatile');
select is_definer('coupon', 'cancel_reservation', array['text', 'text']);
select ok(has_function_privilege('coupon_app', 'coupon.cancel_reservation(text, text)', 'execute'), 'applications may call it');

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
select c.user_id, c.number, r.*
from c cross join lateral coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) as r where c.user_id < 4;

select is((select coupon.cancel_reservation(r.reservation_id, 'declined') from r where r.user_id = 1)::text, 'ISSUED', 'the coupon is free again');
select results_eq(
  $$
    select i.status::text, i.reserved_at, i.order_id::text, i.reservation_id::text, s.status::text, s.cancelled_reason::text
    from r join coupon.coupon_issues as i on i.id = r.coupon_id join coupon.coupon_reservations as s on s.reservation_id = r.reservation_id
    where r.user_id = 1
  $$,
  $$values ('ISSUED', null::timestamptz, null::text, null::text, 'CANCELLED', 'declined')$$, 'with nothing left of the order'
);
select is((select coupon.cancel_reservation(r.reservation_id, 'again') from r where r.user_id = 1)::text, 'ISSUED', 'told again: fine');
select is(
  (select s.cancelled_reason::text from coupon.coupon_reservations as s where s.order_id = 'o-1'), 'declined', 'and the first reason stays'
);
select lives_ok('select coupon.cancel_reservation(r.reservation_id, repeat(''x'', 300)) from r where r.user_id = 3', 'a long reason is cut');
select coupon.confirm_reservation(r.reservation_id) from r where r.user_id = 3;

set local moadb.now = '2026-11-14 12:00+00';
select is((select coupon.cancel_reservation(r.reservation_id, null) from r where r.user_id = 2)::text, 'EXPIRED', 'past its time it is expired');

select throws_ok('select coupon.cancel_reservation(null, null)', 'MC001', 'p_reservation_id is null', 'no reservation');
select throws_ok('select coupon.cancel_reservation(''x'', null)', 'MC019', 'there is no reservation x', 'an unknown one');
select throws_ok(
  'select coupon.cancel_reservation(r.reservation_id, null) from r where r.user_id = 3', 'MC020',
  (select format('reservation %s is confirmed: its order is paid', r.reservation_id) from r where r.user_id = 3), 'a paid one'
);

select * from finish();
rollback;
