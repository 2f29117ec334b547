begin;
select plan(14);

select has_function('coupon', '_lock_coupon', array['text']);
select function_returns('coupon', '_lock_coupon', array['text'], 'coupon.coupon_issues');
select volatility_is('coupon', '_lock_coupon', array['text'], 'volatile');
select isnt_definer('coupon', '_lock_coupon', array['text']);
select ok(not has_function_privilege('coupon_app', 'coupon._lock_coupon(text)', 'execute'), 'applications may not call it');

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

select is((coupon._lock_coupon((select c.number from c where c.user_id = 1))).id, (select c.id from c where c.user_id = 1), 'found');
select is(
  (coupon._lock_coupon((select lower(substr(c.number, 1, 9) || '-' || substr(c.number, 10)) from c where c.user_id = 1))).id,
  (select c.id from c where c.user_id = 1), 'however it is typed'
);
select coupon.reserve_coupon((select c.number from c where c.user_id = 1), 1, 'o-1', 5000);
set local moadb.now = '2026-10-15 12:29:59+00';
select is((coupon._lock_coupon((select c.number from c where c.user_id = 1))).status::text, 'RESERVED', 'a hold that lasts is left alone');
set local moadb.now = '2026-10-15 12:30+00';
select is((coupon._lock_coupon((select c.number from c where c.user_id = 1))).status::text, 'ISSUED', 'one that has lapsed is let go');
select is((select r.status::text from coupon.coupon_reservations as r where r.order_id = 'o-1'), 'EXPIRED', 'and says so');

select throws_ok('select coupon._lock_coupon(null)', 'MC001', 'p_coupon_number is null', 'no number');
select throws_ok('select coupon._lock_coupon(''CPN1'')', 'MC012', 'there is no coupon CPN1', 'no number of ours');
select throws_ok(
  format('select coupon._lock_coupon(%L)', (select coupon._number_of(coupon._scramble(7, k.secret)) from coupon.number_key as k)),
  'MC012', null, 'the number of no coupon'
);
insert into coupon.coupon_issues (id, policy_id, user_id, coupon_number, issued_at, expiry_date, counts_written)
values (7, 900002, 1, 'CPN-BY-HAND', '2026-10-15 12:00+00', '2026-11-15 12:00+00', true);
select throws_ok(
  format('select coupon._lock_coupon(%L)', (select coupon._number_of(coupon._scramble(7, k.secret)) from coupon.number_key as k)),
  'MC012', null, 'nor one that the coupon does not bear'
);

select * from finish();
rollback;
