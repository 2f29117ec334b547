begin;
select plan(19);

select has_function('coupon', 'cancel_coupon', array['text', 'text']);
select function_returns('coupon', 'cancel_coupon', array['text', 'text'], 'bigint');
select volatility_is('coupon', 'cancel_coupon', array['text', 'text'], 'volatile');
select is_definer('coupon', 'cancel_coupon', array['text', 'text']);
select ok(has_function_privilege('coupon_app', 'coupon.cancel_coupon(text, text)', 'execute'), 'applications may call it');

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
select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) from c where c.user_id in (2, 3);
select coupon.confirm_reservation(s.reservation_id) from coupon.coupon_reservations as s where s.order_id = 'o-3';

select is((select coupon.cancel_coupon(c.number, 'mistake') from c where c.user_id = 1), (select c.id from c where c.user_id = 1), 'cancelled');
select results_eq(
  'select i.status::text, i.cancelled_reason::text from c join coupon.coupon_issues as i on i.id = c.id where c.user_id = 1',
  $$values ('CANCELLED', 'mistake')$$, 'and why'
);
select is((select v.remaining from coupon.v_policy_stock as v where v.policy_id = 900001), 92::bigint, 'back in stock');
select is((select q.issued::integer from coupon.coupon_quotas as q where (q.policy_id, q.user_id) = (900001, 1)), 0, 'off the user''s count');
select lives_ok('select coupon.cancel_coupon(c.number, ''again'') from c where c.user_id = 1', 'told again: fine');
select is((select v.remaining from coupon.v_policy_stock as v where v.policy_id = 900001), 92::bigint, 'and counted once');

select throws_ok('select coupon.cancel_coupon(null, null)', 'MC001', 'p_coupon_number is null', 'no number');
select throws_ok('select coupon.cancel_coupon(''x'', null)', 'MC012', 'there is no coupon x', 'no coupon');
select throws_ok('select coupon.cancel_coupon(c.number, null) from c where c.user_id = 2', 'MC017', null, 'held');
select throws_ok('select coupon.cancel_coupon(c.number, null) from c where c.user_id = 3', 'MC016', null, 'used');
set local moadb.now = '2026-10-15 12:30+00';
select lives_ok('select coupon.cancel_coupon(c.number, null) from c where c.user_id = 2', 'held by nobody any more');
set local moadb.now = '2026-11-14 12:00+00';
select throws_ok('select coupon.cancel_coupon(c.number, null) from c where c.user_id = 4', 'MC014', null, 'expired');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, valid_days, issue_start_date, issue_end_date
)
values (900003, 'gift', 'T-GIFT', 'GIFT_BALANCE', 10000, 'DIRECT', 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
create temporary table g as select i.coupon_id as id, i.coupon_number as number from coupon.issue_coupon(900003, 1) as i;
select coupon.confirm_reservation(r.reservation_id) from g cross join lateral coupon.reserve_coupon(g.number, 1, 'g-1', 9000) as r;
select throws_ok(
  'select coupon.cancel_coupon(g.number, null) from g', 'MC055',
  (select format('coupon %s was redeemed 1 times and is not taken back', g.number) from g), 'a balance that is spent in part'
);
select throws_ok('update coupon.coupon_issues as i set status = ''CANCELLED'' from g where i.id = g.id', 'MC024', null, 'nor by hand');

select * from finish();
rollback;
