begin;
select plan(38);

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

-- by policy and hour, with what it cost
select coupon.calculate_daily_statistics('2036-10-31');
select results_eq(
  $$
    select s.hour, s.issued, s.reserved, s.used, s.rolled_back, s.expired, s.cancelled, s.discount_amount, s.refunded_amount
    from coupon.hourly_statistics as s where (s.date, s.time_zone, s.policy_id) = ('2036-10-31', 'Asia/Seoul', 900012) order by s.hour
  $$,
  $$values (0::smallint, 12, 0, 0, 0, 0, 0, 0.00, 0.00), (23::smallint, 0, 4, 2, 0, 0, 1, 2000.00, 0.00)$$, 'by hour, of one policy'
);
select coupon.rollback_redemption(c.coupon_number, 'refund') from c where c.user_id = 1;
select is(coupon.calculate_daily_statistics('2036-10-31'), 0::bigint, 'a refund on the next day changes nothing on the day before');
select coupon.calculate_daily_statistics('2036-11-01');
set local role coupon_read;
select results_eq(
  $$
    select s.date, s.issued, s.used, s.rolled_back, s.discount_amount, s.refunded_amount, s.discount_cost, s.redemption_rate
    from coupon.v_daily_policy_statistics as s where s.time_zone = 'Asia/Seoul' and s.policy_id = 900012 order by s.date
  $$,
  $$
    values
      (date '2036-10-31', 12::bigint, 2::bigint, 0::bigint, 2000.00, 0.00, 2000.00, 0.1818),
      (date '2036-11-01', 0::bigint, 0::bigint, 1::bigint, 0.00, 1000.00, -1000.00, 0.0909)
  $$,
  'by day: what it cost, and the rate to date'
);
select is(
  (select sum(s.issued) from coupon.v_hourly_statistics as s where (s.date, s.time_zone) = ('2036-10-31', 'UTC')), 1::bigint,
  'another zone''s hours stand beside'
);
select results_eq(
  $$
    select s.total_issued::bigint, s.total_used::bigint
    from coupon.v_daily_statistics as s where s.date = '2036-10-31'
  $$,
  $$
    select sum(s.issued), sum(s.used)
    from coupon.v_hourly_statistics as s where (s.date, s.time_zone) = ('2036-10-31', 'Asia/Seoul')
  $$,
  'which sum to the day'
);
reset role;
select is(
  (select count(*) from coupon.hourly_statistics as s where s.policy_id < 900000 and s.date = '2036-10-31'), 0::bigint, 'nothing else'
);

-- days of 25 and 23 hours, and one that has two midnights: a coupon every hour
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, max_issue_per_user, valid_days, issue_start_date, issue_end_date
)
values (900020, 'clocks', 'T-CLOCKS', 'FIXED_AMOUNT', 1000, 'DIRECT', null, 1, '2036-01-01 00:00+00', '2037-01-01 00:00+00');
select set_config('moadb.now', d.at::text, true), coupon.issue_coupon(900020, 1)
from (
  select timestamptz '2036-11-01 12:00+00' + make_interval(hours => n) as at from generate_series(0, 60) as n
  union all
  select timestamptz '2036-03-08 12:00+00' + make_interval(hours => n) from generate_series(0, 60) as n
) as d;
set local moadb.now = '2036-12-01 00:00+00';
create temporary table days as
select *
from (
  values
    (1, date '2036-11-02', 'Asia/Seoul', 24), (2, date '2036-11-02', 'America/New_York', 25), (3, date '2036-11-02', 'America/Havana', 25),
    (4, date '2036-03-09', 'Asia/Seoul', 24), (5, date '2036-03-09', 'America/New_York', 23), (6, date '2036-03-09', 'America/Havana', 23)
) as d (place, day, zone, hours);
select coupon.calculate_daily_statistics(d.day, d.zone) from days as d order by d.place;
select is(
  (select sum(h.issued) from coupon.hourly_statistics as h where (h.policy_id, h.date, h.time_zone) = (900020, d.day, d.zone)),
  d.hours::bigint, format('%s in %s has %s hours', d.day, d.zone, d.hours)
)
from days as d
order by d.place;
create function pg_temp.unusual(p_day date, p_zone text)
  returns text
  language sql
  return (
    select string_agg(n || ':' || coalesce(h.issued, 0), ' ' order by n)
    from generate_series(0, 23) as n
    left join coupon.hourly_statistics as h on (h.policy_id, h.date, h.time_zone, h.hour) = (900020, p_day, p_zone, n)
    where h.issued is distinct from 1
  );
select is(pg_temp.unusual('2036-11-02', 'America/New_York'), '1:2', 'an hour that comes twice counts once, for both');
select is(pg_temp.unusual('2036-11-02', 'America/Havana'), '0:2', 'also the first, where midnight comes twice');
select is(pg_temp.unusual('2036-03-09', 'America/New_York'), '2:0', 'an hour that is left out has none');
select is(pg_temp.unusual('2036-03-09', 'America/Havana'), '0:0', 'also where there is no midnight');
select is(pg_temp.unusual('2036-11-02', 'Asia/Seoul'), null, 'elsewhere the same day is like any other');

select throws_ok('select coupon.calculate_daily_statistics(null)', 'MC001', 'p_date is null', 'no day');
select throws_ok('select coupon.calculate_daily_statistics(''2036-10-31'', null)', 'MC001', 'p_zone is null', 'no zone');
select throws_ok(
  'select coupon.calculate_daily_statistics(''2036-10-31'', ''Mars'')', 'MP033', 'there is no time zone Mars', 'no zone on Earth'
);
select throws_ok(format('select coupon.calculate_daily_statistics(%L)', d.day), 'MC011', format('p_date %s is not accepted: it is 2000-01-01 to 2681-12-31', d.day), d.day || ' is no day')
from unnest(array['infinity', '-infinity', '294277-01-01', '1999-12-31']) as d (day);

select * from finish();
rollback;
