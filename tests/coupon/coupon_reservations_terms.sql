begin;
select plan(27);

select has_function('coupon', '_coupon_reservations_terms', array[]::text[]);
select function_returns('coupon', '_coupon_reservations_terms', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_reservations_terms', array[]::text[]);
select trigger_is('coupon', 'coupon_reservations', 'coupon_reservations_terms', 'coupon', '_coupon_reservations_terms', 'after update');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days, issue_start_date,
  issue_end_date
)
values (900001, 'terms', 'T-TERMS', 'FIXED_AMOUNT', 1000, 'DIRECT', 10, 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table r as
select i.user_id, s.reservation_id
from (select u as user_id, i.coupon_number from generate_series(1, 2) as u cross join lateral coupon.issue_coupon(900001, u) as i) as i
cross join lateral coupon.reserve_coupon(i.coupon_number, i.user_id, 'o-' || i.user_id, 5000) as s;
select coupon.confirm_reservation(r.reservation_id) from r where r.user_id = 2;

select throws_ok(
  format('update coupon.coupon_reservations set %s where reservation_id = %L', t.what, r.reservation_id), t.code, null,
  format('%s: %s', case r.user_id when 2 then 'paid' else 'held' end, t.what)
)
from r
join (
  values
    (1, 2, 'discount_amount = 0', 'MC081'),
    (2, 2, 'discount_amount = discount_amount - 1', 'MC081'),
    (3, 2, 'order_amount = order_amount * 10', 'MC081'),
    (4, 2, 'shipping_amount = 3000', 'MC081'),
    (5, 2, 'reserved_at = reserved_at - interval ''1 day''', 'MC081'),
    (6, 2, 'expires_at = ''infinity''', 'MC081'),
    (7, 2, 'context = ''{"a": 1}''', 'MC081'),
    (8, 2, 'coupon_number = ''CPN1''', 'MC081'),
    (9, 2, 'quote = ''{}''', 'MC081'),
    (9, 2, 'limit_usage = ''[]''', 'MC081'),
    (9, 2, 'exclusive = true', 'MC081'),
    (9, 2, 'stack_group = ''a''', 'MC081'),
    (9, 1, 'order_amount = ''NaN''', 'MC050'),
    (10, 1, 'order_amount = ''NaN'', discount_amount = ''NaN''', 'MC050'),
    (11, 1, 'shipping_amount = ''NaN''', 'MC050'),
    (12, 1, 'expires_at = ''infinity''', 'MC050'),
    (13, 1, 'reserved_at = ''-infinity''', 'MC050'),
    (14, 1, 'context = ''null''', 'MC050'),
    (15, 1, 'context = ''[]''', 'MC050')
) as t (place, user_id, what, code) on t.user_id = r.user_id
order by t.place;
select throws_ok(
  format('update coupon.coupon_reservations set discount_amount = 1 where reservation_id = %L', r.reservation_id), 'MC081',
  format('reservation %s is paid: what it granted is for good', r.reservation_id), 'it says which'
)
from r where r.user_id = 2;
select coupon.cancel_reservation(r.reservation_id, null) from r where r.user_id = 1;
select throws_ok(
  $$
    insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at)
    select 'T-1', i.id, 1, 'o-3', 'NaN', 'NaN', platform.now(), platform.now() + interval '1 hour' from coupon.coupon_issues as i where i.user_id = 1
  $$, 'MC050', null, 'a new hold of no number'
);
select lives_ok('update coupon.coupon_reservations set discount_amount = discount_amount where order_id = ''o-2''', 'what stays as it is may be written');
select is(
  (select s.discount_amount from coupon.coupon_issues as i cross join lateral coupon.reserve_coupon(i.coupon_number, 1, 'o-1', 700) as s where i.user_id = 1),
  700.00, 'a hold is judged anew as before'
);

select * from finish();
rollback;
