begin;
select plan(11);

select has_function('coffee', '_reach_boxes', array['point', 'numeric']);
select function_returns('coffee', '_reach_boxes', array['point', 'numeric'], 'box[]');
select volatility_is('coffee', '_reach_boxes', array['point', 'numeric'], 'immutable');
select isnt_definer('coffee', '_reach_boxes', array['point', 'numeric']);
select ok(not has_function_privilege('coffee_app', 'coffee._reach_boxes(point, numeric)', 'execute'), 'nobody may call it');

select is(cardinality(coffee._reach_boxes(point(127, 37), 1000)), 1, 'one box');
select is(cardinality(coffee._reach_boxes(point(179.999, 37), 1000)), 2, 'two over the antimeridian');
select is(cardinality(coffee._reach_boxes(point(-179.999, 37), 1000)), 2, 'from either side');
select ok((coffee._reach_boxes(point(10, 89.999), 1000))[1] @> point(-170, 89.999), 'at the pole all longitudes');
select is(coffee._reach_boxes(point(0, 0), 20037508)::text, '{(180,90),(-180,-90)}', 'everything');
-- every place within reach lies in a box, wherever the middle is
select is(
  (
    select count(*)
    from unnest(array[-180, -175, 0, 60, 175, 180]) as x
    cross join generate_series(-90, 90, 10) as y
    cross join (values (500), (50000), (3000000), (12000000)) as r (radius)
    cross join lateral (select coffee._reach_boxes(point(x, y), r.radius) as boxes) as b
    cross join generate_series(-180, 180, 18) as px
    cross join generate_series(-90, 90, 10) as py
    where coffee._great_circle(point(x, y), point(px, py)) <= r.radius
      and not (b.boxes[1] @> point(px, py) or coalesce(b.boxes[2] @> point(px, py), false))
  ),
  0::bigint, 'nothing within reach is outside of the boxes'
);

select * from finish();
rollback;
