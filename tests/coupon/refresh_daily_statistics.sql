begin;
select plan(12);

select has_function('coupon', 'refresh_daily_statistics', array['text', 'integer']);
select function_returns('coupon', 'refresh_daily_statistics', array['text', 'integer'], 'bigint');
select volatility_is('coupon', 'refresh_daily_statistics', array['text', 'integer'], 'volatile');
select is_definer('coupon', 'refresh_daily_statistics', array['text', 'integer']);
select ok(
  not has_function_privilege('coupon_app', 'coupon.refresh_daily_statistics(text, integer)', 'execute'), 'applications may not call it'
);

set local moadb.now = '2036-10-30 15:10+00';
select is(coupon.refresh_daily_statistics(), 7::bigint, 'a week');
select results_eq(
  'select min(s.date), max(s.date) from coupon.daily_statistics as s where s.date > ''2036-01-01''',
  $$values (date '2036-10-24', date '2036-10-30')$$, 'that ends with yesterday, in Seoul'
);
select is(coupon.refresh_daily_statistics(), 0::bigint, 'again: nothing to do');
delete from coupon.daily_statistics where date = '2036-10-26';
select is(coupon.refresh_daily_statistics(), 1::bigint, 'a day that was missed');


-- a day that somebody looked at before it was over, and whose night was missed
set local moadb.now = '2036-11-02 03:00+00';
select coupon.calculate_daily_statistics('2036-11-02');
insert into coupon.coupon_policies (
  id, coupon_name, coupon_code, discount_type, discount_value, issue_type, valid_days, issue_start_date, issue_end_date
)
values (900001, 'late', 'T-LATE', 'FIXED_AMOUNT', 1000, 'DIRECT', 30, '2036-11-01', '2036-12-01');
set local moadb.now = '2036-11-02 14:59+00';
select coupon.issue_coupon(900001, 1);
set local moadb.now = '2036-11-04 15:10+00';
select coupon.refresh_daily_statistics();
select is((select s.total_issued from coupon.daily_statistics as s where s.date = '2036-11-02'), 1, 'a day computed early is completed');
select is(coupon.refresh_daily_statistics(), 0::bigint, 'and then complete');

delete from coupon.daily_statistics;
select coupon.refresh_daily_statistics('UTC', 2147483647);
select is(
  (select min(s.date) from coupon.daily_statistics as s), (platform.now() at time zone 'UTC')::date - 366, 'however many days are asked for, it looks back a year'
);

select * from finish();
rollback;
