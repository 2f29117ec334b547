-- The haversine formula, which is exact for small distances, too. The radius is the one that PostGIS takes for a sphere, so that both
-- answer the same.

create or replace function coffee._great_circle(p_from point, p_to point)
  returns numeric
  language sql
  immutable
  parallel safe
  return (
    2 * 6371008.771415059 * asin(least(1, sqrt(
      sind((p_to[1] - p_from[1]) / 2) ^ 2 + cosd(p_from[1]) * cosd(p_to[1]) * sind((p_to[0] - p_from[0]) / 2) ^ 2
    )))
  )::numeric;

comment on function coffee._great_circle(point, point) is $$
Distance between two places on the sphere.
p_from: the one, point(longitude, latitude) in degrees.
p_to: the other.
Returns: metres.
$$;
