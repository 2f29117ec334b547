create or replace function coffee.records_nearby(
  p_longitude numeric, p_latitude numeric, p_radius_m numeric default 1000, p_limit integer default 50, p_since timestamptz default null
)
  returns table (record_id uuid, created_at timestamptz, coffee_id uuid, longitude numeric, latitude numeric, distance_m numeric)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog, pg_temp
  set client_min_messages = warning
as $$
#variable_conflict use_column
declare
  v_centre point := coffee._to_point(p_longitude, p_latitude);
  v_boxes  box[];
begin
  if v_centre is null then
    perform platform.fail('coffee_argument_missing', jsonb_build_object('argument', 'p_longitude'));
  elsif (p_radius_m > 0 and p_radius_m <= 100000) is not true then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_radius_m', 'value', p_radius_m, 'problem', 'it is more than 0 and at most 100000'));
  elsif p_limit < 1 then
    perform platform.fail('coffee_argument_invalid',
      jsonb_build_object('argument', 'p_limit', 'value', p_limit, 'problem', 'it is 1 or more'));
  end if;
  v_boxes := coffee._reach_boxes(v_centre, p_radius_m);

  return query
  select n.id, n.created_at, n.coffee_id, n.location[0]::numeric, n.location[1]::numeric, round(n.distance, 3)
  from (
    select r.id, r.created_at, r.coffee_id, r.subscription_order_id, r.location, coffee._great_circle(r.location, v_centre) as distance
    from coffee.taste_records as r
    where (r.location <@ v_boxes[1] or r.location <@ coalesce(v_boxes[2], v_boxes[1]))
      and r.created_at >= coalesce(p_since, '-infinity')
  ) as n
  where n.distance <= p_radius_m
    and not coffee._is_hidden(n.subscription_order_id, n.coffee_id)
  order by n.distance, n.created_at desc, n.id
  limit least(p_limit, 1000);
end;
$$;

comment on function coffee.records_nearby(numeric, numeric, numeric, integer, timestamptz) is $$
What was tasted around a place, by anybody. Poles and the antimeridian are places like others.
p_longitude, p_latitude: the place, degrees.
p_radius_m: how far around, metres on the sphere, at most 100,000: what lies in reach is all looked at.
p_limit: how many, 1,000 at most.
p_since: only what was tasted since then; null: all.
Returns: records, nearest first, with their distance in metres. Whose they are is not told, and those whose coffee a blind box still hides
are left out.
Errors: MF001 coffee_argument_missing, MF002 coffee_argument_invalid.
$$;
