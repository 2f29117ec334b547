begin;
select plan(12);

select has_function('coffee', '_to_point', array['numeric', 'numeric']);
select function_returns('coffee', '_to_point', array['numeric', 'numeric'], 'point');
select volatility_is('coffee', '_to_point', array['numeric', 'numeric'], 'immutable');
select isnt_definer('coffee', '_to_point', array['numeric', 'numeric']);
select ok(not has_function_privilege('coffee_app', 'coffee._to_point(numeric, numeric)', 'execute'), 'nobody may call it');

select ok(coffee._to_point(127.5, -37) ~= point(127.5, -37), 'longitude first');
select is(coffee._to_point(null, null)::text, null, 'nowhere');
select throws_ok('select coffee._to_point(1, null)', 'MF001', 'p_latitude is null', 'half a place');
select throws_ok('select coffee._to_point(null, 1)', 'MF001', 'p_longitude is null', 'the other half');
select throws_ok('select coffee._to_point(180.1, 0)', 'MF002', null, 'too far east');
select throws_ok('select coffee._to_point(0, -90.1)', 'MF002', null, 'too far south');
select throws_ok($$select coffee._to_point('NaN', 0)$$, 'MF002', null, 'no number');

select * from finish();
rollback;
