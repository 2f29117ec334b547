begin;
select plan(9);

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

select * from finish();
rollback;
