begin;
select plan(13);

select has_function('coffee', '_great_circle', array['point', 'point']);
select function_returns('coffee', '_great_circle', array['point', 'point'], 'numeric');
select volatility_is('coffee', '_great_circle', array['point', 'point'], 'immutable');
select isnt_definer('coffee', '_great_circle', array['point', 'point']);
select ok(not has_function_privilege('coffee_app', 'coffee._great_circle(point, point)', 'execute'), 'nobody may call it');

select is(coffee._great_circle(point(127, 37.5), point(127, 37.5)), 0::numeric, 'no way at all');
select is(round(coffee._great_circle(point(0, 0), point(1, 0))), 111195::numeric, 'a degree of the equator');
select is(round(coffee._great_circle(point(0, 60), point(1, 60))), 55597::numeric, 'nearer to the pole about half of that');
select is(round(coffee._great_circle(point(179.5, 0), point(-179.5, 0))), 111195::numeric, 'over the antimeridian');
select is(round(coffee._great_circle(point(0, 89.5), point(180, 89.5))), 111195::numeric, 'over the pole');
select is(round(coffee._great_circle(point(0, 0), point(180, 0))), 20015114::numeric, 'half way round');
select is(round(coffee._great_circle(point(126.978, 37.5665), point(139.6917, 35.6895)) / 1000), 1153::numeric, 'from Seoul to Tokyo');
select cmp_ok(coffee._great_circle(point(127, 37), point(127.000001, 37)), '>', 0.08, 'ten centimetres are not lost');

select * from finish();
rollback;
