-- Of the newest hundred vectors, looked for among the newest thousand records, so that it costs no more for who has many, with vectors or
-- without, that one which is nearest to their mean direction. Not the mean itself: of somebody who likes two kinds of coffee it
-- is a taste that nobody has, far from every record, where an index finds little.
-- Each record counts by its direction alone; zero vectors have none.

create or replace function coffee._taste_vector(p_user_id uuid, p_at timestamptz)
  returns extensions.vector
  language sql
  stable
  set search_path = pg_catalog, extensions, pg_temp
as $$
  with newest as materialized (
    select r.id, r.taste_vector
    from (
      select r.id, r.created_at, r.taste_vector
      from coffee.taste_records as r
      where r.user_id = p_user_id and r.created_at <= p_at
      order by r.created_at desc
      limit 1000
    ) as r
    where vector_norm(r.taste_vector) > 0
    order by r.created_at desc
    limit 100
  ), middle as materialized (
    select avg(l2_normalize(n.taste_vector)) as direction from newest as n
  )
  select n.taste_vector
  from newest as n
  cross join middle as m
  order by case when vector_norm(m.direction) > 0 then n.taste_vector <=> m.direction end, n.id
  limit 1
$$;

comment on function coffee._taste_vector(uuid, timestamptz) is $$
Where a user's taste points: of the newest hundred vectors among their newest thousand taste records the one that is nearest to the mean
direction of all.
p_user_id: the user.
p_at: as of when.
Returns: a vector; null when there is none that points anywhere.
$$;
