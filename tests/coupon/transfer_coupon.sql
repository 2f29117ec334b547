begin;
select plan(20);

select has_function('coupon', 'transfer_coupon', array['text', 'bigint', 'bigint']);
select function_returns('coupon', 'transfer_coupon', array['text', 'bigint', 'bigint'], 'bigint');
select volatility_is('coupon', 'transfer_coupon', array['text', 'bigint', 'bigint'], 'volatile');
select is_definer('coupon', 'transfer_coupon', array['text', 'bigint', 'bigint']);
select ok(has_function_privilege('coupon_app', 'coupon.transfer_coupon(text, bigint, bigint)', 'execute'), 'applications may call it');

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
select coupon.reserve_coupon(c.number, c.user_id, 'o-' || c.user_id, 5000) from c where c.user_id in (5, 6);
select coupon.confirm_reservation(s.reservation_id) from coupon.coupon_reservations as s where s.order_id = 'o-6';
select coupon.cancel_coupon(c.number, null) from c where c.user_id = 7;

select is((select coupon.transfer_coupon(c.number, 1, 2) from c where c.user_id = 1), (select c.id from c where c.user_id = 1), 'given away');
select is((select i.user_id from coupon.coupon_issues as i join c on c.id = i.id where c.user_id = 1), 2::bigint, 'to its new holder');
select results_eq(
  'select q.user_id, q.issued::integer from coupon.coupon_quotas as q where q.policy_id = 900001 and q.user_id < 3 order by 1',
  $$values (1::bigint, 0), (2::bigint, 2)$$, 'for whom it counts'
);
select is((select v.remaining from coupon.v_policy_stock as v where v.policy_id = 900001), 92::bigint, 'the stock stays as it is');
select lives_ok('select coupon.transfer_coupon(c.number, 3, 1) from c where c.user_id = 3', 'from a higher user to a lower');
select lives_ok('select coupon.transfer_coupon(c.number, 4, 4) from c where c.user_id = 4', 'to oneself: nothing happens');

select throws_ok('select coupon.transfer_coupon(''x'', null, 1)', 'MC001', 'p_from_user_id is null', 'from nobody');
select throws_ok('select coupon.transfer_coupon(''x'', 1, null)', 'MC001', 'p_to_user_id is null', 'to nobody');
select throws_ok('select coupon.transfer_coupon(''x'', 1, 2)', 'MC012', 'there is no coupon x', 'no coupon');
select throws_ok('select coupon.transfer_coupon(c.number, 1, 3) from c where c.user_id = 1', 'MC013', null, 'no longer one''s own');
select throws_ok(
  'select coupon.transfer_coupon(c.number, 4, 2) from c where c.user_id = 4', 'MC007', 'user 2 already has 2 of policy 900001', 'the receiver''s limit'
);
select throws_ok('select coupon.transfer_coupon(c.number, 5, 1) from c where c.user_id = 5', 'MC017', null, 'held');
select throws_ok('select coupon.transfer_coupon(c.number, 6, 1) from c where c.user_id = 6', 'MC016', null, 'used');
select throws_ok('select coupon.transfer_coupon(c.number, 7, 1) from c where c.user_id = 7', 'MC015', null, 'cancelled');
set local moadb.now = '2026-11-14 12:00+00';
select throws_ok('select coupon.transfer_coupon(c.number, 4, 1) from c where c.user_id = 4', 'MC014', null, 'expired');

select * from finish();
rollback;
