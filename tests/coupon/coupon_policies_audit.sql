begin;
select plan(7);

select trigger_is('coupon', 'coupon_policies', 'coupon_policies_audit_insert', 'platform', 'audit_row', 'on insert');
select trigger_is('coupon', 'coupon_policies', 'coupon_policies_audit_update', 'platform', 'audit_row', 'on update');

select platform.set_actor('admin:kim', '203.0.113.9');
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
create temporary view log as
select a.* from platform.audit_log as a where (a.schema_name, a.table_name, a.row_key) = ('coupon', 'coupon_policies', '900001');

select results_eq(
  'select l.action, l.actor, host(l.client_ip), l.new_values ->> ''coupon_name'' from log as l',
  $$values ('insert', 'admin:kim', '203.0.113.9', 'limited')$$, 'who made it, from where, and what'
);
update coupon.coupon_policies set coupon_name = 'renamed' where id = 900001;
select results_eq(
  $$select l.old_values - 'updated_at', l.new_values - 'updated_at' from log as l where l.action = 'update'$$,
  $$values (jsonb '{"coupon_name": "limited", "row_version": 1}', jsonb '{"coupon_name": "renamed", "row_version": 2}')$$, 'who changed what'
);
update coupon.coupon_policies set current_issue_count = 7 where id = 900001;
select is((select count(*) from log), 2::bigint, 'the refresh of the count is no change');
update coupon.coupon_policies set current_issue_count = 8, is_active = false where id = 900001;
select is((select count(*) from log), 3::bigint, 'a change with it is one');
select coupon.refresh_statistics();
select is((select count(*) from log), 3::bigint, 'as the job does it');

select * from finish();
rollback;
