begin;
select plan(11);

select has_function('platform', 'month_id', array['timestamp with time zone', 'bigint']);
select function_returns('platform', 'month_id', array['timestamp with time zone', 'bigint'], 'bigint');
select volatility_is('platform', 'month_id', array['timestamp with time zone', 'bigint'], 'immutable');
select isnt_definer('platform', 'month_id', array['timestamp with time zone', 'bigint']);

select is(platform.month_id('2000-01-01 00:00+00', 7), 7::bigint, 'January 2000 is month 0');
select is(platform.month_id('2026-11-21 12:00+00', 0), 322::bigint << 40, 'November 2026 is month 322');
select is(platform.month_id('2026-11-30 23:59:59.999999+00', 0) >> 40, 322::bigint, 'the last instant of the month is in it');

set local time zone 'Asia/Seoul';
select is(platform.month_id('2026-12-01 08:59:59+09', 0) >> 40, 322::bigint, 'the month is that of UTC, whatever the session''s zone');
select is(platform.month_id('2026-12-01 09:00:00+09', 0) >> 40, 323::bigint, 'and begins at midnight UTC');
select ok(platform.month_id('2682-08-31 00:00+00', (1::bigint << 40) - 1) < 1::bigint << 53, 'the last number of August 2682 is below 2^53');
select is(platform.month_id(null, 1), null, 'null in, null out');

select * from finish();
rollback;
