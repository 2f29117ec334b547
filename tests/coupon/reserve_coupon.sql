begin;
select plan(45);

select has_function('coupon', 'reserve_coupon', array['text', 'bigint', 'text', 'numeric', 'interval', 'text', 'jsonb']);
select function_returns('coupon', 'reserve_coupon', array['text', 'bigint', 'text', 'numeric', 'interval', 'text', 'jsonb'], 'coupon.held_coupon');
select volatility_is('coupon', 'reserve_coupon', array['text', 'bigint', 'text', 'numeric', 'interval', 'text', 'jsonb'], 'volatile');
select is_definer('coupon', 'reserve_coupon', array['text', 'bigint', 'text', 'numeric', 'interval', 'text', 'jsonb']);
select ok(has_function_privilege('coupon_app', 'coupon.reserve_coupon(text, bigint, text, numeric, interval, text, jsonb)', 'execute'), 'applications may call it');

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
create temporary table t as select coupon_id as id, coupon_number as number from coupon.issue_coupon(900002, 1);
prepare reserve(bigint, text, numeric) as
select r.* from c cross join lateral coupon.reserve_coupon(c.number, c.user_id, $2, $3) as r where c.user_id = $1;

-- Behaviour
create temporary table r as
select r.* from c cross join lateral coupon.reserve_coupon(c.number, 1, 'o-1', 20000, p_context => '{"channel": "app"}') as r where c.user_id = 1;
select results_eq(
  'select r.coupon_id, r.discount_amount, r.expires_at from r',
  $$select c.id, 1000.00, timestamptz '2026-10-15 12:30+00' from c where c.user_id = 1$$, 'a hold, for half an hour'
);
select matches((select r.reservation_id::text from r), '^RSV[0-9A-F]{24}$', 'with an id that cannot be guessed');
select results_eq(
  $$
    select i.status::text, i.order_id::text, i.reservation_id, i.reserved_at, i.used_at
    from coupon.coupon_issues as i join r on r.coupon_id = i.id
  $$,
  $$select 'RESERVED', 'o-1', r.reservation_id, timestamptz '2026-10-15 12:00+00', null::timestamptz from r$$, 'the coupon says so'
);
select results_eq(
  $$
    select s.user_id, s.order_id::text, s.order_amount, s.discount_amount, s.status::text, s.context
    from coupon.coupon_reservations as s join r using (reservation_id)
  $$,
  $$values (1::bigint, 'o-1', 20000.00, 1000.00, 'PENDING', '{"channel": "app"}'::jsonb)$$, 'and so does the reservation'
);
set local moadb.now = '2026-10-15 12:10+00';
select results_eq(
  'execute reserve(1, ''o-1'', 5000)',
  $$select r.reservation_id, r.coupon_id, 1000.00, timestamptz '2026-10-15 12:40+00' from r$$,
  'the same order again: the same reservation, its time begun anew'
);
select is((select s.order_amount from coupon.coupon_reservations as s join r using (reservation_id)), 5000.00, 'judged by the new amount');
select throws_ok('execute reserve(1, ''o-1'', 4999)', 'MC018', null, 'which may be too small');
select throws_ok('execute reserve(1, ''o-2'', 20000)', 'MC017', null, 'held by another order');
set local moadb.now = '2026-10-15 12:40+00';
select isnt(
  (select x.reservation_id from c cross join lateral coupon.reserve_coupon(c.number, 1, 'o-2', 20000) as x where c.user_id = 1),
  (select r.reservation_id from r), 'a hold that has lapsed gives way'
);
select is((select s.status::text from coupon.coupon_reservations as s join r using (reservation_id)), 'EXPIRED', 'and is over');
select coupon.cancel_reservation(s.reservation_id, 'declined') from coupon.coupon_reservations as s where s.order_id = 'o-2';
select results_eq(
  'execute reserve(1, ''o-1'', 5000)',
  $$select r.reservation_id, r.coupon_id, 1000.00, timestamptz '2026-10-15 13:10+00' from r$$, 'an order that tries again takes up its old one'
);

select is(
  (select r.discount_amount from t cross join lateral coupon.reserve_coupon(t.number, 1, 'o-3', 12345) as r), 1235.00, 'a percentage, in whole won'
);
select is(
  (select r.discount_amount from t cross join lateral coupon.reserve_coupon(t.number, 1, 'o-3', 123456) as r), 3000.00, 'capped'
);
select is(
  (select r.discount_amount from t cross join lateral coupon.reserve_coupon(t.number, 1, 'o-3', 0) as r), 0.00, 'an order of nothing'
);

create temporary table k as
select r.* from c cross join lateral coupon.reserve_coupon(c.number, 2, 'o-4', 5000, p_request_key => 'key-1') as r where c.user_id = 2;
set local moadb.now = '2026-10-15 12:50+00';
select results_eq(
  $$select r.* from c cross join lateral coupon.reserve_coupon(c.number, 2, 'o-4', 5000, p_request_key => 'key-1') as r where c.user_id = 2$$,
  'select * from k', 'the same key, the same answer'
);
select throws_ok(
  $$select r.* from c cross join lateral coupon.reserve_coupon(c.number, 2, 'o-4', 6000, p_request_key => 'key-1') as r where c.user_id = 2$$,
  'MP052', null, 'another request under the same key'
);

-- After the coupon's time
set local moadb.now = '2026-11-14 11:50+00';
select lives_ok('execute reserve(3, ''o-5'', 5000)', 'ten minutes before it expires');
set local moadb.now = '2026-11-14 12:10+00';
select is(
  (select r.expires_at from c cross join lateral coupon.reserve_coupon(c.number, 3, 'o-5', 6000) as r where c.user_id = 3),
  timestamptz '2026-11-14 12:20+00', 'the hold counts, and is not made longer'
);
set local moadb.now = '2026-11-14 12:20+00';
select throws_ok('execute reserve(3, ''o-5'', 5000)', 'MC014', null, 'lapsed, and over');
select throws_ok('execute reserve(4, ''o-6'', 5000)', 'MC014', null, 'over');

-- Errors
set local moadb.now = '2026-10-15 12:00+00';
select throws_ok('select coupon.reserve_coupon(null, 1, ''o'', 1)', 'MC001', 'p_coupon_number is null', 'no number');
select throws_ok('select coupon.reserve_coupon(''x'', null, ''o'', 1)', 'MC001', 'p_user_id is null', 'no user');
select throws_ok('select coupon.reserve_coupon(''x'', 1, null, 1)', 'MC001', 'p_order_id is null', 'no order');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', null)', 'MC001', 'p_order_amount is null', 'no amount');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', 1, null)', 'MC001', 'p_ttl is null', 'no time');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', 1, p_context => null)', 'MC001', 'p_context is null', 'no context');
select throws_ok('select coupon.reserve_coupon(''x'', 1, '''', 1)', 'MC011', 'p_order_id  is not accepted: it has 1 to 50 characters', 'an empty order');
select throws_ok('select coupon.reserve_coupon(''x'', 1, repeat(''o'', 51), 1)', 'MC011', null, 'an order of 51 characters');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', -1)', 'MC011', 'p_order_amount -1 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'a negative amount');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', ''NaN'')', 'MC011', 'p_order_amount NaN is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'no number');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', 1, ''0'')', 'MC011', 'p_ttl 00:00:00 is not accepted: it is more than 0, and 30 days at most', 'no time at all');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', 1, ''31 days'')', 'MC011', 'p_ttl 31 days is not accepted: it is more than 0, and 30 days at most', 'too long');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', 1, ''1200 mons -35970 days'')', 'MC011', null, 'as long as months and days together');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', 1, ''70000000 mons -2099999970 days'')', 'MC011', null, 'beyond all calendars');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', 100.005)', 'MC011', 'p_order_amount 100.005 is not accepted: it is 0 to 9,999,999,999,999, with 2 decimals at most', 'three decimals');
select throws_ok('select coupon.reserve_coupon(''x'', 1, ''o'', 1)', 'MC012', 'there is no coupon x', 'no coupon');
select throws_ok(
  $$select coupon.reserve_coupon(c.number, 99, 'o', 5000) from c where c.user_id = 5$$, 'MC013',
  (select format('coupon %s is not held by user 99', c.number) from c where c.user_id = 5), 'somebody else''s'
);
select throws_ok('execute reserve(5, ''o'', 4999)', 'MC018', null, 'too small an order');
select coupon.confirm_reservation(k.reservation_id) from k;
select throws_ok('execute reserve(2, ''o-4'', 5000)', 'MC016', null, 'used, if by the same order');
select coupon.cancel_coupon(c.number, 'test') from c where c.user_id = 6;
select throws_ok('execute reserve(6, ''o'', 5000)', 'MC015', null, 'cancelled');

select * from finish();
rollback;
