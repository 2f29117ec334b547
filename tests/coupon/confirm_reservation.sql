begin;
select plan(26);

select has_function('coupon', 'confirm_reservation', array['text']);
select function_returns('coupon', 'confirm_reservation', array['text'], 'coupon.redeemed_coupon');
select volatility_is('coupon', 'confirm_reservation', array['text'], 'volatile');
select is_definer('coupon', 'confirm_reservation', array['text']);
select ok(has_function_privilege('coupon_app', 'coupon.confirm_reservation(text)', 'execute'), 'applications may call it');

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
from c cross join lateral coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) as r;
prepare confirm(bigint) as
select x.coupon_id, x.coupon_number::text, x.order_id::text, x.discount_amount, x.used_at
from r cross join lateral coupon.confirm_reservation(r.reservation_id) as x where r.user_id = $1;

-- Behaviour
set local moadb.now = '2026-10-15 12:10+00';
select results_eq(
  'execute confirm(1)', $$select r.coupon_id, r.number::text, 'o-1', 1000.00, timestamptz '2026-10-15 12:10+00' from r where r.user_id = 1$$, 'paid'
);
select results_eq(
  $$
    select i.status::text, i.used_at, i.reserved_at, i.order_id::text
    from coupon.coupon_issues as i join r on r.coupon_id = i.id where r.user_id = 1
  $$,
  $$values ('USED', timestamptz '2026-10-15 12:10+00', timestamptz '2026-10-15 12:00+00', 'o-1')$$, 'the coupon is used'
);
select results_eq(
  $$
    select i.steps_written, s.steps_written
    from coupon.coupon_issues as i
    join r on r.coupon_id = i.id
    join coupon.coupon_reservations as s on s.reservation_id = r.reservation_id
    where r.user_id = 1
  $$,
  'values (2, 2)', 'hold and payment were written whole'
);
select results_eq(
  $$
    select a.user_id, a.details, a.created_at
    from coupon.coupon_issue_audit as a
    join r on r.coupon_id = a.coupon_id
    where r.user_id = 1 and a.action = 'STATUS_CHANGED'
    order by a.created_at
  $$,
  $$
    select
      1::bigint,
      jsonb_build_object('old_status', t.old_status, 'new_status', t.new_status, 'order_id', 'o-1', 'reservation_id', r.reservation_id), t.at
    from r, (values
      (1, 'ISSUED', 'RESERVED', '2026-10-15 12:00+00'::timestamptz), (2, 'RESERVED', 'USED', '2026-10-15 12:10+00')
    ) as t (place, old_status, new_status, at)
    where r.user_id = 1
    order by t.place
  $$,
  'each with one record'
);
set local moadb.now = '2026-10-15 12:11+00';
select results_eq(
  'execute confirm(1)', $$select r.coupon_id, r.number::text, 'o-1', 1000.00, timestamptz '2026-10-15 12:10+00' from r where r.user_id = 1$$,
  'told again: the same answer'
);
select is(
  (select count(*) from coupon.coupon_issue_audit as a join r on r.coupon_id = a.coupon_id
   where r.user_id = 1 and a.details ->> 'new_status' = 'USED'), 1::bigint, 'used once'
);

set local moadb.now = '2026-10-15 13:00+00';
select lives_ok('execute confirm(2)', 'lapsed, and nobody has noticed');
select coupon.expire_reservations(100);
select lives_ok('execute confirm(3)', 'lapsed, and released');
select coupon.cancel_reservation(r.reservation_id, 'declined') from r where r.user_id = 4;
select lives_ok('execute confirm(4)', 'cancelled, and paid after all');
select is(
  (select array_agg(distinct i.status::text || ' ' || s.status)
   from coupon.coupon_issues as i join r on r.coupon_id = i.id join coupon.coupon_reservations as s on s.reservation_id = i.reservation_id
   where r.user_id in (2, 3, 4)),
  array['USED CONFIRMED'], 'all of them used'
);
select coupon.reserve_coupon(r.number, 5, 'other', 5000) from r where r.user_id = 5;
select throws_ok(
  'execute confirm(5)', 'MC022',
  (select format('reservation %s of order o-5 came too late: its coupon is held by order other', r.reservation_id) from r where r.user_id = 5),
  'another order holds it'
);
set local moadb.now = '2026-10-15 14:00+00';
select lives_ok('execute confirm(5)', 'unless that hold has lapsed: who has paid goes first');
select is((select s.status::text from coupon.coupon_reservations as s where s.order_id = 'other'), 'EXPIRED', 'the other is over');

set local moadb.now = '2026-12-15 12:00+00';
select coupon.expire_coupons(100);
select is((select i.status::text from coupon.coupon_issues as i join r on r.coupon_id = i.id where r.user_id = 6), 'EXPIRED', 'past its time');
select lives_ok('execute confirm(6)', 'and paid all the same: the quote counts');
select is((select i.status::text from coupon.coupon_issues as i join r on r.coupon_id = i.id where r.user_id = 6), 'USED', 'used');

-- Errors
set local moadb.now = '2026-10-15 14:00+00';
select throws_ok('select coupon.confirm_reservation(null)', 'MC001', 'p_reservation_id is null', 'no reservation');
select throws_ok('select coupon.confirm_reservation(''x'')', 'MC019', 'there is no reservation x', 'an unknown one');
select coupon.rollback_redemption(r.number, 'refund') from r where r.user_id = 1;
select throws_ok(
  'execute confirm(1)', 'MC021',
  (select format('reservation %s was confirmed, and rolled back since', r.reservation_id) from r where r.user_id = 1), 'rolled back'
);
set local moadb.now = '2026-10-15 15:00+00';
create temporary table s as
select c.number, c.coupon_id, r.reservation_id
from coupon.issue_coupon(900001, 20) as c(coupon_id, number, status)
cross join lateral coupon.reserve_coupon(c.number, 20, 'o-20', 5000, '1 minute') as r;
set local moadb.now = '2026-10-15 15:01+00';
select coupon.transfer_coupon(s.number, 20, 21) from s;
select throws_ok('select coupon.confirm_reservation(s.reservation_id) from s', 'MC022', null, 'given away meanwhile');
select coupon.transfer_coupon(s.number, 21, 20) from s;
select coupon.cancel_coupon(s.number, 'test') from s;
select throws_ok('select coupon.confirm_reservation(s.reservation_id) from s', 'MC022', null, 'cancelled meanwhile');

select * from finish();
rollback;
