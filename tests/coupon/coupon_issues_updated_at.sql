begin;
select plan(2);

select trigger_is('coupon', 'coupon_issues', 'trigger_update_coupon_issues', 'platform', 'update_updated_at');

set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date
)
values (900001, 'x', 'T-UPDATED', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
select coupon.issue_coupon(900001, 1);
insert into coupon.coupon_reservations (reservation_id, coupon_id, user_id, order_id, order_amount, discount_amount, reserved_at, expires_at)
select 'T-1', i.id, 1, 'o-1', 5000, 1000, '2026-10-15 12:00+00', '2026-10-15 12:30+00' from coupon.coupon_issues as i where i.policy_id = 900001;

set local moadb.now = '2026-10-16 12:00+00';
update coupon.coupon_issues set expiry_date = '2026-12-01' where policy_id = 900001;
select is((select i.updated_at from coupon.coupon_issues as i where i.policy_id = 900001), timestamptz '2026-10-16 12:00+00', 'every change moves updated_at');

select * from finish();
rollback;
