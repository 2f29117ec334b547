begin;
select plan(10);

select has_function('coupon', '_refuse_codes', array['bigint']);
select function_returns('coupon', '_refuse_codes', array['bigint'], 'void');
select volatility_is('coupon', '_refuse_codes', array['bigint'], 'volatile');
select isnt_definer('coupon', '_refuse_codes', array['bigint']);
select ok(not has_function_privilege('coupon_admin', 'coupon._refuse_codes(bigint)', 'execute'), 'not for administrators');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values
  (900001, 'autumn', 'T-AUTUMN', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'given', 'T-GIVEN', 'PERCENTAGE', 10, 'DIRECT', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'PERCENTAGE', 10, 'CODE', null, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

select lives_ok('select coupon._refuse_codes(900001)', 'no rule refuses');
select isnt_empty(
  'select from pg_locks where pid = pg_backend_pid() and locktype = ''advisory'' and classid = 19781 and objid = hashint8(900001)::oid', 'others wait'
);
select throws_ok('select coupon._refuse_codes(-1)', 'MC002', 'there is no coupon policy -1', 'no policy');
select throws_ok('select coupon._refuse_codes(900002)', 'MC061', 'coupons of policy 900002 are not claimed by code', 'one that gives');
update coupon.coupon_policies set is_active = false, closed_at = platform.now() where id = 900001;
select throws_ok('select coupon._refuse_codes(900001)', 'MC070', null, 'one that is closed');

select * from finish();
rollback;
