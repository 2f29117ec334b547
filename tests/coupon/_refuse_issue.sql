begin;
select plan(13);

select has_function('coupon', '_refuse_issue', array['bigint', 'bigint', 'timestamp with time zone']);
select function_returns('coupon', '_refuse_issue', array['bigint', 'bigint', 'timestamp with time zone'], 'void');
select volatility_is('coupon', '_refuse_issue', array['bigint', 'bigint', 'timestamp with time zone'], 'stable');
select isnt_definer('coupon', '_refuse_issue', array['bigint', 'bigint', 'timestamp with time zone']);
select ok(not has_function_privilege('coupon_app', 'coupon._refuse_issue(bigint, bigint, timestamptz)', 'execute'), 'not for applications');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date, is_active
)
values
  (900001, 'running', 'T-RUNNING', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', true),
  (900002, 'paused', 'T-PAUSED', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00', false);

select lives_ok($$select coupon._refuse_issue(900001, 1, '2026-11-01')$$, 'no rule refuses');
select throws_ok($$select coupon._refuse_issue(null, 1, '2026-11-01')$$, 'MC001', 'p_policy_id is null', 'no policy given');
select throws_ok($$select coupon._refuse_issue(900001, null, '2026-11-01')$$, 'MC001', 'p_user_id is null', 'no user given');
select throws_ok($$select coupon._refuse_issue(-1, 1, '2026-11-01')$$, 'MC002', 'there is no coupon policy -1', 'unknown');
select throws_ok($$select coupon._refuse_issue(900002, 1, '2026-11-01')$$, 'MC003', 'coupon policy 900002 is paused', 'paused');
select throws_ok($$select coupon._refuse_issue(900001, 1, '2026-09-01')$$, 'MC004', null, 'too early');
select throws_ok($$select coupon._refuse_issue(900001, 1, '2027-01-01')$$, 'MC005', null, 'too late');
update coupon.coupon_policies set closed_at = '2026-10-15 12:00+00' where id = 900002;
select throws_ok($$select coupon._refuse_issue(900002, 1, '2027-01-01')$$, 'MC070', null, 'closed');

select * from finish();
rollback;
