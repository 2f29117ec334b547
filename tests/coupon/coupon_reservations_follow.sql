begin;
select plan(27);

select has_function('coupon', '_coupon_reservations_follow', array[]::text[]);
select function_returns('coupon', '_coupon_reservations_follow', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_reservations_follow', array[]::text[]);
select has_function('coupon', '_coupon_reservations_hold', array[]::text[]);
select function_returns('coupon', '_coupon_reservations_hold', array[]::text[], 'trigger');
select isnt_definer('coupon', '_coupon_reservations_hold', array[]::text[]);
select trigger_is('coupon', 'coupon_reservations', 'coupon_reservations_hold', 'coupon', '_coupon_reservations_hold', 'on insert');
select trigger_is('coupon', 'coupon_reservations', 'trigger_update_coupon_reservations', 'coupon', '_coupon_reservations_follow', 'on update');

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
prepare put(text, text) as update coupon.coupon_reservations set status = $2, confirmed_at = case $2 when 'CONFIRMED' then platform.now() else confirmed_at end where reservation_id = $1;
insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at)
select 'T-' || c.user_id, c.id, c.user_id, 'o-' || c.user_id, 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:30+00' from c where c.user_id < 3;

select is((select i.status::text || i.order_id from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = 1), 'RESERVEDo-1', 'held, by raw SQL');
select throws_ok(
  $$
    insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at)
    select 'T-9', c.id, c.user_id, 'o-9', 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:30+00' from c where c.user_id = 1
  $$,
  'MC024', null, 'a second open hold'
);
select throws_ok(
  $$
    insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at)
    select 'T-9', c.id, 99, 'o-9', 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:30+00' from c where c.user_id = 3
  $$,
  'MC024', null, 'somebody else''s coupon'
);
execute put('T-1', 'CONFIRMED');
select is((select i.status::text from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = 1), 'USED', 'used');
select throws_ok('execute put(''T-1'', ''PENDING'')', 'MP050', null, 'confirmed is not pending again');
execute put('T-1', 'CANCELLED');
select is((select i.status::text from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = 1), 'ISSUED', 'given back');
select throws_ok('execute put(''T-1'', ''CONFIRMED'')', 'MC021', null, 'rolled back: not paid again');
select throws_ok('update coupon.coupon_reservations set status = ''CONFIRMED'', confirmed_at = ''2026-10-16'' where reservation_id = ''T-1''', 'MC025', null, 'nor at another time');
select throws_ok('update coupon.coupon_reservations set confirmed_at = null where reservation_id = ''T-1''', 'MC025', null, 'nor is it forgotten');
select throws_ok(
  $$
    insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at, status, confirmed_at)
    select 'T-9', c.id, c.user_id, 'o-9', 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:30+00', 'CONFIRMED', platform.now() from c where c.user_id = 2
  $$,
  'MC024', null, 'paid from the start, but held by another order'
);
select throws_ok(
  $$
    insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at)
    values ('T-9', 1, 1, 'o-9', 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:30+00')
  $$,
  'MC024', null, 'no such coupon'
);
select throws_ok(
  $$
    insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at)
    select 'T-9', c.id, c.user_id, 'o-9', 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:00+00' from c where c.user_id = 3
  $$,
  'MC050', null, 'a hold that ends as it begins'
);
set local moadb.now = '2026-10-15 12:10+00';
execute put('T-2', 'EXPIRED');
select is((select r.updated_at from coupon.coupon_reservations as r where r.reservation_id = 'T-2'), timestamptz '2026-10-15 12:10+00', 'a change moves updated_at');
update coupon.coupon_reservations set cancelled_reason = 'r' where reservation_id = 'T-1';
select is((select r.updated_at from coupon.coupon_reservations as r where r.reservation_id = 'T-1'), timestamptz '2026-10-15 12:10+00', 'any change');
select is((select i.status::text from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = 2), 'ISSUED', 'released');
select throws_ok('update coupon.coupon_reservations set order_id = ''x'' where reservation_id = ''T-2''', 'MC025', 'reservation T-2 keeps its id, coupon, user, order and time of payment', 'another order');
select throws_ok('update coupon.coupon_reservations set discount_amount = 5001 where reservation_id = ''T-2''', 'MC050', null, 'more than the order');
select coupon.cancel_coupon(c.number, null) from c where c.user_id = 2;
select throws_ok('execute put(''T-2'', ''PENDING'')', 'MC024', null, 'a cancelled coupon is not held');
select is(
  (select count(*) from platform.check_invariants('coupon') as v where v.violations > 0), 0::bigint, 'coupons and reservations agree'
);

select * from finish();
rollback;
