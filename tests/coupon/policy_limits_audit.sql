begin;
select plan(8);

select trigger_is('coupon', 'policy_limits', 'policy_limits_audit_insert', 'platform', 'audit_row', 'on insert');
select trigger_is('coupon', 'policy_limits', 'policy_limits_audit_update', 'platform', 'audit_row', 'on update');
select trigger_is('coupon', 'policy_limits', 'policy_limits_audit_delete', 'platform', 'audit_row', 'on delete');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, minimum_order_amount, max_discount_amount, issue_type, max_issue_per_user,
  valid_days, issue_start_date, issue_end_date, buy_quantity, get_quantity, stack_group, exclusive, priority, rules, currency
)
values
  (900001, 'a thousand', 'T1', 'FIXED_AMOUNT', 1000, 0, null, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', null, null, null, false, 0, '[]', 'KRW');
set local moadb.now = '2026-10-15 12:00+00';
create temporary view log as
select a.* from platform.audit_log as a where (a.schema_name, a.table_name) = ('coupon', 'policy_limits');
select platform.set_actor('admin:kim', '203.0.113.9');

select coupon.set_policy_limit(900001, 'USER', 3);
select results_eq(
  'select l.action, l.actor, l.new_values -> ''per'', l.new_values -> ''maximum'' from log as l', $$values ('insert', 'admin:kim', '"USER"'::jsonb, '3.00'::jsonb)$$, 'who made it'
);
select coupon.set_policy_limit(900001, 'USER', 5);
select results_eq(
  $$select l.old_values -> 'maximum', l.new_values -> 'maximum' from log as l where l.action = 'update'$$, $$values ('3.00'::jsonb, '5.00'::jsonb)$$, 'who changed it'
);
create temporary table c as select i.coupon_number::text as number from coupon.issue_coupon(900001, 1) as i;
select coupon.reserve_coupon(c.number, 1, 'o-1', 5000) from c;
select coupon.rollback_order('o-1', 1, null);
select is(coupon.settle_limits(), 1::bigint, 'the job');
select is((select count(*) from log), 2::bigint, 'changes nothing');
set local session_replication_role = replica;
delete from coupon.limit_usages;
set local session_replication_role = origin;
delete from coupon.policy_limits;
select is((select l.old_values -> 'maximum' from log as l where l.action = 'delete'), '5.00'::jsonb, 'who lifted it');

select * from finish();
rollback;
