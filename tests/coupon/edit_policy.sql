begin;
select plan(24);

select has_function('coupon', 'edit_policy', array['bigint', 'jsonb', 'integer']);
select function_returns('coupon', 'edit_policy', array['bigint', 'jsonb', 'integer'], 'integer');
select volatility_is('coupon', 'edit_policy', array['bigint', 'jsonb', 'integer'], 'volatile');
select is_definer('coupon', 'edit_policy', array['bigint', 'jsonb', 'integer']);
select ok(has_function_privilege('coupon_admin', 'coupon.edit_policy(bigint, jsonb, integer)', 'execute'), 'administrators may call it');
select ok(not has_function_privilege('coupon_app', 'coupon.edit_policy(bigint, jsonb, integer)', 'execute'), 'applications may not');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';
select coupon.issue_coupon(900001, u) from generate_series(1, 3) as u;
select coupon.close_policy(900003);

set local role coupon_admin;
select is(coupon.edit_policy(900001, '{"coupon_name": "renamed", "max_issue_count": 3}', 1), 2, 'edited; it is at the next version');
select is((coupon.get_policy(900001)).coupon_name::text, 'renamed', 'so');
select is(coupon.edit_policy(900001, '{"coupon_name": "renamed"}', 2), 2, 'nothing new is no new version');
select is(coupon.edit_policy(900001, '{}', 2), 2, 'nothing at all, neither');
select throws_ok(
  'select coupon.edit_policy(900001, ''{"coupon_name": "late"}'', 1)', 'MC073', 'coupon policy 900001 is at version 2, not 1', 'who has not seen the last change'
);
select throws_ok(t.statement, t.code, t.message, t.what)
from (
  values
    (1, 'select coupon.edit_policy(null, ''{}'', 1)', 'MC001', 'p_policy_id is null', 'no policy'),
    (2, 'select coupon.edit_policy(900001, null, 1)', 'MC001', 'p_changes is null', 'no changes'),
    (3, 'select coupon.edit_policy(900001, ''{}'', null)', 'MC001', 'p_expected_version is null', 'no version'),
    (4, 'select coupon.edit_policy(-1, ''{}'', 1)', 'MC002', 'there is no coupon policy -1', 'a policy that is not there'),
    (5, 'select coupon.edit_policy(900001, ''{"max_issue_count": null}'', 2)', 'MC008', null, 'no limit any more'),
    (6, 'select coupon.edit_policy(900001, ''{"max_issue_count": 2}'', 2)', 'MC009', 'coupon policy 900001 has issued 3, more than the new limit 2', 'below what is issued'),
    (7, 'select coupon.edit_policy(900003, ''{"coupon_name": "x"}'', 2)', 'MC070', null, 'a closed one'),
    (8, 'select coupon.edit_policy(900001, ''{"discount_value": 20}'', 2)', 'MC071', 'coupon policy 900001 has issued coupons: discount_value cannot change', 'the worth of issued coupons'),
    (9, 'select coupon.edit_policy(900001, ''{"discuont_value": 20}'', 2)', 'MC072', 'discuont_value is not a term that can be given here', 'no such term'),
    (10, 'select coupon.edit_policy(900001, ''{"is_active": false}'', 2)', 'MC072', null, 'what has a function of its own'),
    (11, 'select coupon.edit_policy(900002, ''{"discount_value": -1}'', 1)', 'MC074', null, 'not valid'),
    (12, 'select coupon.edit_policy(900002, ''{"coupon_code": "T-limited"}'', 1)', 'MC075', 'code T-limited is taken', 'a code that is taken')
) as t (place, statement, code, message, what)
order by t.place;
select is(coupon.edit_policy(900002, '{"discount_type": "PERCENTAGE", "discount_value": 20, "valid_days": 3}', 1), 2, 'before the first coupon its worth may change');
reset role;

select * from finish();
rollback;
