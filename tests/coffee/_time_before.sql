begin;
select plan(8);

select has_function('coffee', '_time_before', array['timestamp with time zone', 'interval', 'text']);
select function_returns('coffee', '_time_before', array['timestamp with time zone', 'interval', 'text'], 'timestamp with time zone');
select volatility_is('coffee', '_time_before', array['timestamp with time zone', 'interval', 'text'], 'stable');
select isnt_definer('coffee', '_time_before', array['timestamp with time zone', 'interval', 'text']);
select ok(not has_function_privilege('coffee_app', 'coffee._time_before(timestamp with time zone, interval, text)', 'execute'), 'applications may not call it');

set local timezone = 'UTC';
select is(
  coffee._time_before('2031-03-11 09:00-04', '3 days', 'America/New_York'), '2031-03-08 09:00-05'::timestamptz, 'the same hour, across the change of clocks'
);
set local timezone = 'Asia/Seoul';
select is(
  coffee._time_before('2031-03-11 09:00-04', '3 days', 'America/New_York'), '2031-03-08 09:00-05'::timestamptz, 'wherever it is asked'
);
select is(coffee._time_before('2031-03-11 09:00+09', '0', 'Asia/Seoul'), '2031-03-11 09:00+09'::timestamptz, 'nothing before');

select * from finish();
rollback;
