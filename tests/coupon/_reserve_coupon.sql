begin;
select plan(16);

select has_function('coupon', '_reserve_coupon', array['text', 'bigint', 'text', 'numeric', 'interval', 'jsonb']);
select function_returns('coupon', '_reserve_coupon', array['text', 'bigint', 'text', 'numeric', 'interval', 'jsonb'], 'coupon.held_coupon');
select volatility_is('coupon', '_reserve_coupon', array['text', 'bigint', 'text', 'numeric', 'interval', 'jsonb'], 'volatile');
select isnt_definer('coupon', '_reserve_coupon', array['text', 'bigint', 'text', 'numeric', 'interval', 'jsonb']);
select ok(not has_function_privilege('coupon_app', 'coupon._reserve_coupon(text, bigint, text, numeric, interval, jsonb)', 'execute'), 'applications may not call it');

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

prepare reserve(bigint, text, numeric) as
select r.* from c cross join lateral coupon._reserve_coupon(lower(c.number), c.user_id, $2, $3, '30 minutes', '{}') as r where c.user_id = $1;

create temporary table r as execute reserve(1, 'o-1', 20000);
select results_eq(
  'select r.coupon_id, r.discount_amount, r.expires_at from r',
  $$select c.id, 1000.00, timestamptz '2026-10-15 12:30+00' from c where c.user_id = 1$$, 'a free one, typed in another way'
);
select results_eq('execute reserve(1, ''o-1'', 20000)', 'select * from r', 'the same order again');
select coupon.cancel_reservation(r.reservation_id, null) from r;
select results_eq('execute reserve(1, ''o-1'', 20000)', 'select * from r', 'and again when it was declined');

select throws_ok('execute reserve(1, ''o-2'', 20000)', 'MC017', null, 'held by another order');
select throws_ok('execute reserve(2, ''o-2'', 4999)', 'MC018', null, 'too small an order');
select throws_ok('select coupon._reserve_coupon(null, 1, ''o'', 1, ''1 s'', ''{}'')', 'MC001', 'p_coupon_number is null', 'no number');
select throws_ok('select coupon._reserve_coupon(''x'', 1, ''o'', 1, ''1 s'', ''{}'')', 'MC012', 'there is no coupon x', 'no coupon');
select throws_ok('select coupon._reserve_coupon(c.number, 99, ''o'', 1, ''1 s'', ''{}'') from c where c.user_id = 2', 'MC013', null, 'somebody else''s');
select coupon.confirm_reservation(r.reservation_id) from r;
select throws_ok('execute reserve(1, ''o-1'', 20000)', 'MC016', null, 'used');
select coupon.cancel_coupon(c.number, null) from c where c.user_id = 3;
select throws_ok('execute reserve(3, ''o-3'', 20000)', 'MC015', null, 'cancelled');
set local moadb.now = '2026-11-14 12:00+00';
select throws_ok('execute reserve(2, ''o-2'', 20000)', 'MC014', null, 'over');

select * from finish();
rollback;
