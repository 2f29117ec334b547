begin;
select plan(18);

select has_function('coupon', '_write_policy', array['bigint', 'jsonb']);
select function_returns('coupon', '_write_policy', array['bigint', 'jsonb'], 'coupon.coupon_policies');
select volatility_is('coupon', '_write_policy', array['bigint', 'jsonb'], 'volatile');
select isnt_definer('coupon', '_write_policy', array['bigint', 'jsonb']);
select ok(not has_function_privilege('coupon_admin', 'coupon._write_policy(bigint, jsonb)', 'execute'), 'not for administrators');

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_count, max_issue_per_user, valid_days,
  issue_start_date, issue_end_date
)
values
  (900001, 'limited', 'T-LIMITED', 'PERCENTAGE', 10, 'DIRECT', 100, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900002, 'unlimited', 'T-UNLIMITED', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00'),
  (900003, 'other', 'T-OTHER', 'FIXED_AMOUNT', 1000, 'CODE', null, 1, 30, '2026-10-01 00:00+00', '2026-12-01 00:00+00');
set local moadb.now = '2026-10-15 12:00+00';

select is(
  (coupon._write_policy(900001, '{"coupon_name": "new", "issue_end_date": "2026-12-24 00:00+09", "max_discount_amount": 1005}')).row_version, 2, 'changed'
);
select results_eq(
  'select p.coupon_name::text, p.issue_end_date, p.max_discount_amount, p.discount_value from coupon.coupon_policies as p where p.id = 900001',
  $$values ('new', timestamptz '2026-12-24 00:00+09', 1005.00, 10.00)$$, 'what was named, nothing else'
);
select is((coupon._write_policy(900001, '{"max_discount_amount": null}')).max_discount_amount, null, 'null is a value');
create temporary table made as
select w.* from coupon._write_policy(null, jsonb '{"coupon_name": "n", "coupon_code": "T-NEW", "discount_type": "PERCENTAGE", "discount_value": 5,
  "issue_type": "CODE", "valid_days": 3, "issue_start_date": "2026-10-01", "issue_end_date": "2026-11-01"}') as w;
select results_eq(
  'select m.coupon_code::text, m.minimum_order_amount, m.max_issue_per_user, m.is_active, m.row_version from made as m',
  $$values ('T-NEW', 0.00, 1, true, 1)$$, 'made; what was not named has its default'
);
select throws_ok(
  format('select coupon._write_policy(900002, %L)', t.terms), t.code, t.message, t.what
)
from (
  values
    (1, '{"valid_days": 0}', 'MC074', null, 'a constraint'),
    (2, '{"coupon_name": null}', 'MC074', null, 'not null'),
    (3, '{"valid_days": "soon"}', 'MC074', 'these terms of a coupon policy are not valid: invalid input syntax for type integer: "soon"', 'no number'),
    (4, '{"valid_days": 99999999999}', 'MC074', null, 'too large a number'),
    (5, '{"issue_end_date": "2026-13-01"}', 'MC074', null, 'no date'),
    (6, jsonb_build_object('coupon_name', repeat('x', 101))::text, 'MC074', null, 'too long'),
    (7, '{"coupon_code": "t-other"}', 'MC075', 'code t-other is taken', 'another policy''s code'),
    (8, '{"max_issue_count": 5}', 'MC008', null, 'what a trigger refuses')
) as t (place, terms, code, message, what)
order by t.place;
select throws_ok(
  $$select coupon._write_policy(null, '{"coupon_name": "n"}')$$, 'MC074', null, 'too little for a policy'
);

select * from finish();
rollback;
