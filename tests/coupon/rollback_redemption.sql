begin;
select plan(14);

select has_function('coupon', 'rollback_redemption', array['text', 'text', 'text']);
select function_returns('coupon', 'rollback_redemption', array['text', 'text', 'text'], 'character varying');
select volatility_is('coupon', 'rollback_redemption', array['text', 'text', 'text'], 'volatile');
select is_definer('coupon', 'rollback_redemption', array['text', 'text', 'text']);
select ok(has_function_privilege('coupon_app', 'coupon.rollback_redemption(text, text, text)', 'execute'), 'applications may call it');

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
select coupon.confirm_reservation(r.reservation_id)
from c cross join lateral coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) as r where c.user_id < 3;

select is((select coupon.rollback_redemption(c.number, 'refund') from c where c.user_id = 1)::text, 'ISSUED', 'the user has it back');
select results_eq(
  $$
    select i.status::text, i.used_at, i.order_id::text, s.status::text, s.cancelled_reason::text
    from c join coupon.coupon_issues as i on i.id = c.id join coupon.coupon_reservations as s on s.coupon_id = c.id where c.user_id = 1
  $$,
  $$values ('ISSUED', null::timestamptz, null::text, 'CANCELLED', 'refund')$$, 'and the order no longer has it'
);
select lives_ok('select coupon.reserve_coupon(c.number, 1, ''o-1'', 5000) from c where c.user_id = 1', 'it can be used again, by the same order');
select is(
  (select count(*) from coupon.coupon_reservations as s join c on c.id = s.coupon_id where c.user_id = 1), 2::bigint, 'in a reservation of its own'
);
set local moadb.now = '2026-11-14 12:00+00';
select is((select coupon.rollback_redemption(c.number, null) from c where c.user_id = 2)::text, 'EXPIRED', 'past its time it is expired');

select throws_ok(
  'select coupon.rollback_redemption(c.number, null) from c where c.user_id = 2', 'MC023',
  (select format('coupon %s has nothing to roll back: it is EXPIRED', c.number) from c where c.user_id = 2), 'nothing to roll back'
);
select coupon.confirm_reservation(s.reservation_id) from coupon.coupon_reservations as s where s.order_id = 'o-1' and s.status = 'PENDING';
select throws_ok(
  'select coupon.rollback_redemption(c.number, null, ''o-9'') from c where c.user_id = 1', 'MC023',
  (select format('coupon %s has nothing to roll back: order o-9 has not redeemed it', c.number) from c where c.user_id = 1), 'another order'
);
select throws_ok('select coupon.rollback_redemption(''x'', null)', 'MC012', 'there is no coupon x', 'no coupon');
select throws_ok('select coupon.rollback_redemption(null, null)', 'MC001', 'p_coupon_number is null', 'no number');

select * from finish();
rollback;
