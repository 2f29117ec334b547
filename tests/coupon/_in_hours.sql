begin;
select plan(15);

select has_function('coupon', '_in_hours', array['jsonb', 'timestamp without time zone']);
select function_returns('coupon', '_in_hours', array['jsonb', 'timestamp without time zone'], 'boolean');
select volatility_is('coupon', '_in_hours', array['jsonb', 'timestamp without time zone'], 'immutable');
select isnt_definer('coupon', '_in_hours', array['jsonb', 'timestamp without time zone']);
select ok(not has_function_privilege('coupon_app', 'coupon._in_hours(jsonb, timestamp without time zone)', 'execute'), 'applications may not call it');

-- 2026-10-15 is a Thursday
select is(coupon._in_hours('[{"from": "09:00", "to": "18:00"}]', '2026-10-15 09:00'), true, 'from belongs to it');
select is(coupon._in_hours('[{"from": "09:00", "to": "18:00"}]', '2026-10-15 18:00'), false, 'to does not');
select is(coupon._in_hours('[{"days": [4]}]', '2026-10-15 23:59:59'), true, 'Thursday');
select is(coupon._in_hours('[{"days": [4]}]', '2026-10-16 00:00'), false, 'Friday');
select is(coupon._in_hours('[{"days": [7], "from": "10:00", "to": "11:00"}]', '2026-10-18 10:30'), true, 'Sunday is 7');
select is(coupon._in_hours('[{"days": [4], "from": "22:00", "to": "02:00"}]', '2026-10-15 22:00'), true, 'Thursday night');
select is(coupon._in_hours('[{"days": [4], "from": "22:00", "to": "02:00"}]', '2026-10-16 01:59'), true, 'goes on after midnight');
select is(coupon._in_hours('[{"days": [4], "from": "22:00", "to": "02:00"}]', '2026-10-15 01:59'), false, 'not of the night before');
select is(coupon._in_hours('[{"days": [4], "from": "22:00", "to": "02:00"}]', '2026-10-16 22:00'), false, 'nor the night after');
select is(coupon._in_hours('[{"days": [1]}, {"from": "09:00", "to": "18:00", "days": [4]}]', '2026-10-15 12:00'), true, 'one of several');

select * from finish();
rollback;
