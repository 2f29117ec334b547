-- A circle on the sphere lies within a box of degrees: as wide as the circle is where it is widest, which is nearer to the pole than
-- its centre. One that holds a pole holds all longitudes; one that crosses the antimeridian makes two boxes.
-- A little wider than needed: the distance itself is looked at afterwards.

create or replace function coffee._reach_boxes(p_centre point, p_radius_m numeric)
  returns box[]
  language sql
  immutable
  parallel safe
  return (
    select case
      when d.angle >= 90 or abs(p_centre[1]) + d.angle >= 90 then array[box(point(-180, d.south), point(180, d.north))]
      when p_centre[0] - d.width < -180 then array[
        box(point(-180, d.south), point(p_centre[0] + d.width, d.north)),
        box(point(p_centre[0] - d.width + 360, d.south), point(180, d.north))
      ]
      when p_centre[0] + d.width > 180 then array[
        box(point(p_centre[0] - d.width, d.south), point(180, d.north)),
        box(point(-180, d.south), point(p_centre[0] + d.width - 360, d.north))
      ]
      else array[box(point(p_centre[0] - d.width, d.south), point(p_centre[0] + d.width, d.north))]
    end
    from (
      select
        a.angle, greatest(p_centre[1] - a.angle, -90) as south, least(p_centre[1] + a.angle, 90) as north,
        case
          when a.angle < 90 and abs(p_centre[1]) + a.angle < 90 then
            asind(least(1, sind(a.angle) / cosd(p_centre[1]))) + 0.000001
        end as width
      from (select degrees((p_radius_m::double precision) / 6371008.771415059) + 0.000001 as angle) as a
    ) as d
  );

comment on function coffee._reach_boxes(point, numeric) is $$
Boxes of degrees that hold every place within some distance.
p_centre: the middle, point(longitude, latitude).
p_radius_m: the distance, metres, more than 0.
Returns: one box, or two where it crosses the antimeridian.
$$;
