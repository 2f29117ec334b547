begin;
select plan(9);

select trigger_is('coupon', 'coupon_issue_audit', 'coupon_issue_audit_keep', 'coupon', '_keep_rows', 'on update or delete');
select trigger_is('coupon', 'coupon_issue_audit', 'coupon_issue_audit_keep_all', 'coupon', '_keep_rows', 'on truncate');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days, issue_start_date,
  issue_end_date
)
values (900001, 'kept', 'T-KEPT', 'FIXED_AMOUNT', 1000, 'DIRECT', 10, 2, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
select coupon.issue_coupon(900001, u) from generate_series(1, 2) as u;
create temporary table p as
select distinct a.tableoid::regclass::text as name from coupon.coupon_issue_audit as a where a.created_at = '2026-10-15 12:00+00';

set local role moadb_owner;
select throws_ok('update coupon.coupon_issue_audit set user_id = 5', 'MC080', null, 'no record is changed');
select throws_ok('delete from coupon.coupon_issue_audit', 'MC080', null, 'or deleted');
select throws_ok('truncate coupon.coupon_issue_audit', 'MC080', 'truncate on coupon.coupon_issue_audit is refused', 'or all of them');
reset role;
select is((select count(*) from p), 1::bigint, 'the records are in a partition');
select throws_ok(format('update %s set user_id = 5', p.name), 'MC080', null, 'its name does not help') from p;
select throws_ok(format('delete from %s', p.name), 'MC080', null, 'to delete either') from p;
select is(
  (select count(*) from coupon.coupon_issue_audit as a where a.created_at = '2026-10-15 12:00+00'), 2::bigint, 'all of it is still there'
);

select * from finish();
rollback;
