-- Where this server has PostGIS, its answers are compared with those of coffee.records_nearby; where it has not, nothing is done.
begin;
select plan(5);

select has_function('coffee', 'use_postgis', array[]::text[]);
select isnt_definer('coffee', 'use_postgis', array[]::text[]);
select ok(not has_function_privilege('coffee_app', 'coffee.use_postgis()', 'execute'), 'the owner may call it');

select coalesce((select x.name = 'postgis' from pg_available_extensions as x where x.name = 'postgis'), false) as has_postgis \gset
\if :has_postgis
create extension postgis;
select is(coffee.use_postgis(), true, 'it is there');
create temporary table c as
select c.* from (values (127.0, 37.5), (179.9, -17), (-180, 0), (45, 89.5), (0, -90)) as c (longitude, latitude);
insert into coffee.roasters (id, name) values ('00000000-0000-0000-0000-0000000000a1', 'Roaster');
insert into coffee.coffees (id, name, roaster_id, origin_country) values
  ('00000000-0000-0000-0000-0000000000c1', 'One', '00000000-0000-0000-0000-0000000000a1', 'Kenya');
insert into coffee.users (id, email) values ('00000000-0000-0000-0000-000000000001', 'a@example.com');
insert into coffee.taste_records (user_id, coffee_id, mode, taste_layers, location)
select
  '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-0000000000c1', 'cafe', '{}',
  point(
    case when abs(c.latitude) > 89 then x * 18 else (c.longitude + x * 0.13 + 540) % 360 - 180 end,
    least(90, greatest(-90, c.latitude + y * 0.1))
  )
from c
cross join generate_series(-10, 10) as x
cross join generate_series(-10, 10) as y;
select is(
  (
    select count(*)
    from c
    cross join (values (30000), (100000)) as r (radius)
    cross join lateral (
      select
        array(
          select n.record_id from coffee.records_nearby(c.longitude, c.latitude, r.radius, 1000) as n order by 1
        ) as ours,
        array(
          select g.id
          from coffee.v_taste_geography as g
          where st_dwithin(g.location, st_setsrid(st_makepoint(c.longitude, c.latitude), 4326)::geography, r.radius, false)
          order by 1
        ) as theirs
    ) as a
    where a.ours <> a.theirs or cardinality(a.ours) = 0
  ),
  0::bigint, 'PostGIS finds the same'
);
\else
select is(coffee.use_postgis(), false, 'there is none');
select is(to_regclass('coffee.v_taste_geography')::text, null, 'so nothing is made');
\endif

select * from finish();
rollback;
