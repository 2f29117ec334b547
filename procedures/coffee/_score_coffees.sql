-- A coffee is as good for somebody as those records of it are near that are nearest to the user's taste. Two more records at a right angle
-- are assumed for each, so that one lucky record is not better than ten good ones. What the roaster says of it counts a third of that,
-- and stands alone where nobody has recorded anything near; ratings decide between equals. In whole millionths: numeric for every coffee
-- costs as much as a few partitions' indexes. The offset 0 keeps the match from being computed for each use.

create or replace function coffee._score_coffees(p_user_id uuid, p_at timestamptz, p_not_coffee_ids uuid[])
  returns table (
    coffee_id uuid, score integer, neighbours integer, similarity integer, profile_match integer
  )
  language plpgsql
  set search_path = pg_catalog, extensions, pg_temp
as $$
#variable_conflict use_column
declare
  v_vector extensions.vector := coffee._taste_vector(p_user_id, p_at);
begin
  return query
  with votes as (
    select n.coffee_id, count(*) as neighbours, sum(n.similarity)::double precision as total
    from coffee._nearest_records(v_vector, p_at, p_user_id, p_not_coffee_ids) as n
    where n.similarity > 0
    group by n.coffee_id
  ), tastes as (
    select y.layer,
      coalesce(
        coffee._layer_value(u.taste_dna, y.layer || '_preference'), coffee._layer_value(u.preferences, y.layer)
      ) as wanted
    from coffee.users as u
    cross join unnest(coffee._taste_layers()) with ordinality as y (layer, place)
    where u.id = p_user_id
  )
  select
    c.id,
    (700000 * coalesce(v.total / (v.neighbours + 2), 0) + 250000 * coalesce(m.profile_match, 0)
      + 50000 * coalesce((c.average_rating::double precision - 1) / 4, 0.5))::integer,
    coalesce(v.neighbours, 0)::integer,
    (1000000 * v.total / v.neighbours)::integer,
    (1000000 * m.profile_match)::integer
  from coffee.coffees as c
  left join votes as v on v.coffee_id = c.id
  cross join lateral (
    select case
      when v_vector is not null and vector_norm(c.flavor_vector) > 0 then greatest(1 - (c.flavor_vector <=> v_vector), 0)
      else (
        select (1 - avg(least(abs(t.wanted - coffee._layer_value(c.flavor_profile, t.layer)), 10)) / 10)::double precision
        from tastes as t
        where t.wanted is not null and coffee._layer_value(c.flavor_profile, t.layer) is not null
      )
    end as profile_match
    offset 0
  ) as m
  where c.available_for_subscription and c.id <> all (p_not_coffee_ids);
end;
$$;

comment on function coffee._score_coffees(uuid, timestamptz, uuid[]) is $$
How well each coffee that boxes may hold suits a user.
p_user_id: the user.
p_at: as of when: later records count for nothing.
p_not_coffee_ids: coffees that are left out.
Returns: a row for each coffee, in millionths: score, 0 to 1,000,000; how many of the 128 records nearest to the user's taste are of it, and
their mean similarity (null: none); how well the roaster's profile of it suits (null: not known), by vector, else by the layers of the
taste DNA or, for who has none, of users.preferences.
$$;
