begin;
select plan(12);

select has_function('coupon', 'audit_coupon_changes', array[]::text[]);
select function_returns('coupon', 'audit_coupon_changes', array[]::text[], 'trigger');
select isnt_definer('coupon', 'audit_coupon_changes', array[]::text[]);
select trigger_is('coupon', 'coupon_issues', 'trigger_audit_coupon_issues_delete', 'coupon', 'audit_coupon_changes', 'on delete');

set local moadb.now = '2026-10-15 12:00+00';
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date
)
values (900001, 'x', 'T-AUDIT', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');

select platform.set_actor('user:7', '203.0.113.9', 'curl/8');
create temporary table c as select i.coupon_id, i.coupon_number from coupon.issue_coupon(900001, 7) as i;

select results_eq(
  $$
    select a.user_id, a.action::text, a.details ->> 'policy_id', a.details ->> 'coupon_number', a.client_ip::text, a.user_agent::text, a.created_at
    from coupon.coupon_issue_audit as a join c on c.coupon_id = a.coupon_id
  $$,
  $$select 7::bigint, 'ISSUED', '900001', c.coupon_number::text, '203.0.113.9', 'curl/8', timestamptz '2026-10-15 12:00+00' from c$$,
  'issuing is recorded, with who and where'
);

update coupon.coupon_issues set updated_at = updated_at where id = (select c.coupon_id from c);
select is((select count(*) from coupon.coupon_issue_audit as a join c on c.coupon_id = a.coupon_id), 1::bigint, 'a change of nothing that matters is not');

select coupon.reserve_coupon(c.coupon_number, 7, 'o-1', 5000) from c;
select results_eq(
  $$
    select a.details ->> 'old_status', a.details ->> 'new_status', a.details ->> 'order_id'
    from coupon.coupon_issue_audit as a join c on c.coupon_id = a.coupon_id where a.action = 'STATUS_CHANGED' order by a.id
  $$,
  $$values ('ISSUED', 'RESERVED', 'o-1')$$,
  'a change of status is'
);
select coupon.cancel_reservation(r.reservation_id, null) from coupon.coupon_reservations as r where r.order_id = 'o-1';
update coupon.coupon_issues set user_id = 8 where id = (select c.coupon_id from c);
select results_eq(
  $$
    select a.details ->> 'old_user_id', a.details ->> 'new_user_id'
    from coupon.coupon_issue_audit as a join c on c.coupon_id = a.coupon_id where a.action = 'TRANSFERRED'
  $$,
  $$values ('7', '8')$$,
  'a change of holder is'
);
delete from coupon.coupon_reservations where order_id = 'o-1';
select coupon.cancel_coupon(c.coupon_number, null) from c;
delete from coupon.coupon_issues where id = (select c.coupon_id from c);
select is(
  (select a.details ->> 'status' from coupon.coupon_issue_audit as a join c on c.coupon_id = a.coupon_id where a.action = 'DELETED'),
  'CANCELLED', 'a deletion is, with the row as it was'
);

select platform.set_actor('user:7', '203.0.113.9', repeat('x', 300));
create temporary table d as select i.coupon_id from coupon.issue_coupon(900001, 9) as i;
select is(
  (select length(a.user_agent) from coupon.coupon_issue_audit as a join d on d.coupon_id = a.coupon_id), 255,
  'a user agent that is too long is cut, and stops nobody'
);

select coupon.issue_coupon(900001, u) from generate_series(101, 200) as u;
select is(
  (select count(*) from coupon.coupon_issue_audit as a join coupon.coupon_issues as i on i.id = a.coupon_id where i.policy_id = 900001),
  101::bigint, 'one record each for a hundred more'
);
select is(
  (select count(distinct a.id) from coupon.coupon_issue_audit as a join coupon.coupon_issues as i on i.id = a.coupon_id where i.policy_id = 900001),
  101::bigint, 'with ids of their own'
);

select * from finish();
rollback;
