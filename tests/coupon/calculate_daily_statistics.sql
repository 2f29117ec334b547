begin;
select plan(17);

select has_function('coupon', 'calculate_daily_statistics', array['date', 'text']);
select function_returns('coupon', 'calculate_daily_statistics', array['date', 'text'], 'bigint');
select volatility_is('coupon', 'calculate_daily_statistics', array['date', 'text'], 'volatile');
select is_definer('coupon', 'calculate_daily_statistics', array['date', 'text']);
select ok(
  not has_function_privilege('coupon_app', 'coupon.calculate_daily_statistics(date, text)', 'execute'), 'applications may not call it'
);

insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
select
  900000 + n, 'policy ' || n, 'T-DAY-' || n, 'FIXED_AMOUNT', 1000, 'DIRECT', null, 1, '2036-10-01 00:00+00'::timestamptz,
  '2036-12-01 00:00+00'::timestamptz
from generate_series(1, 12) as n;

-- The last day of October in Seoul: 15:00 to 15:00 UTC
set local moadb.now = '2036-10-30 14:59:59+00';
select coupon.issue_coupon(900001, 1);
set local moadb.now = '2036-10-30 15:00:00+00';
select coupon.issue_coupon(900000 + n, u) from generate_series(1, 12) as n cross join generate_series(1, n) as u;
set local moadb.now = '2036-10-31 14:59:59+00';
create temporary table c as
select i.id, i.coupon_number, i.user_id from coupon.coupon_issues as i where i.policy_id = 900012;
create temporary table r as
select c.user_id, r.reservation_id from c cross join lateral coupon.reserve_coupon(c.coupon_number, c.user_id, 'o-' || c.user_id, 5000) as r
where c.user_id < 5;
select coupon.confirm_reservation(r.reservation_id) from r where r.user_id < 3;
select coupon.cancel_reservation(r.reservation_id, null) from r where r.user_id = 3;
select coupon.cancel_coupon(c.coupon_number, null) from c where c.user_id = 12;
set local moadb.now = '2036-10-31 15:00:00+00';
select coupon.issue_coupon(900001, 1);
select coupon.expire_coupons(1000);

select is(coupon.calculate_daily_statistics('2036-10-31'), 1::bigint, 'computed');
select results_eq(
  $$
    select s.total_issued, s.total_used, s.total_reserved, s.total_expired, s.total_cancelled, s.issue_by_hour, s.usage_by_hour
    from coupon.daily_statistics as s where s.date = '2036-10-31'
  $$,
  $$values (78, 2, 4, 0, 1, '{"0": 78}'::jsonb, '{"23": 2}'::jsonb)$$, 'what happened on that local day, by local hour'
);
select is(
  (select jsonb_array_length(s.top_policies) from coupon.daily_statistics as s where s.date = '2036-10-31'), 10, 'ten policies'
);
select is(
  (select s.top_policies -> 0 from coupon.daily_statistics as s where s.date = '2036-10-31'),
  '{"policy_id": 900012, "coupon_name": "policy 12", "issued": 12}'::jsonb, 'the one with the most first'
);
select is(coupon.calculate_daily_statistics('2036-10-31'), 0::bigint, 'again: the same');
select coupon.calculate_daily_statistics('2036-11-01');
select results_eq(
  'select s.total_issued, s.total_used, s.issue_by_hour from coupon.daily_statistics as s where s.date = ''2036-11-01''',
  $$values (1, 0, '{"0": 1}'::jsonb)$$, 'the next day, in another month'
);
select cmp_ok(
  (select s.total_expired from coupon.daily_statistics as s where s.date = '2036-11-01'), '>', 0, 'on which coupons expired'
);
select is(coupon.calculate_daily_statistics('2036-10-31', 'UTC'), 1::bigint, 'in another zone');
select is(
  (select s.issue_by_hour from coupon.daily_statistics as s where s.date = '2036-10-31'), '{"15": 1}'::jsonb, 'days and hours are others'
);
select throws_ok('select coupon.calculate_daily_statistics(null)', 'MC001', 'p_date is null', 'no day');
select throws_ok('select coupon.calculate_daily_statistics(''2036-10-31'', null)', 'MC001', 'p_zone is null', 'no zone');
select throws_ok(
  'select coupon.calculate_daily_statistics(''2036-10-31'', ''Mars'')', 'MP033', 'there is no time zone Mars', 'no zone on Earth'
);

select * from finish();
rollback;
