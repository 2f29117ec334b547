begin;
select plan(7);

select has_function('marketing', '_last_day', array[]::text[]);
select function_returns('marketing', '_last_day', array[]::text[], 'date');
select volatility_is('marketing', '_last_day', array[]::text[], 'stable');
select isnt_definer('marketing', '_last_day', array[]::text[]);
select ok(not has_function_privilege('marketing_app', 'marketing._last_day()', 'execute'), 'applications may not call it');

set local moadb.now = '2026-11-21 09:59:59+00';
select is(marketing._last_day(), date '2026-11-22', 'tomorrow');
set local moadb.now = '2026-11-21 10:00:00+00';
select is(marketing._last_day(), date '2026-11-23', 'where the 22nd has begun');

select * from finish();
rollback;
