begin;
select plan(8);

select has_function('coupon', '_lock_coupons', array['text', 'bigint']);
select function_returns('coupon', '_lock_coupons', array['text', 'bigint'], 'bigint[]');
select volatility_is('coupon', '_lock_coupons', array['text', 'bigint'], 'volatile');
select isnt_definer('coupon', '_lock_coupons', array['text', 'bigint']);
select ok(not has_function_privilege('coupon_app', 'coupon._lock_coupons(text, bigint)', 'execute'), 'applications may not call it');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create temporary table c as
select n, i.coupon_id as id from generate_series(1, 4) as n cross join lateral coupon.issue_coupon(900001, 1 + n * 0) as i;

-- as somebody who reserved before: without the locks of coupon.reserve_coupon
insert into coupon.coupon_reservations (
  reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at
)
select 'T-' || c.n, c.id, 1, case c.n when 4 then 'o-2' else 'o-1' end, 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:30+00'
from c
order by c.n desc;
update coupon.coupon_reservations set status = 'CANCELLED' where reservation_id = 'T-2';

select is(
  coupon._lock_coupons('o-1', 1), (select array_agg(c.id order by c.id) from c where c.n < 4), 'all that it ever held, ascending'
);
select is(
  (select count(*) from pg_locks as l where l.locktype = 'advisory' and l.pid = pg_backend_pid() and l.classid = 19782 and l.granted), 3::bigint,
  'locked'
);
select is(coupon._lock_coupons('o-1', 2), '{}', 'of somebody else: none');

select * from finish();
rollback;
