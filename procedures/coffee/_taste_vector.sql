-- Of the newest hundred, so that it costs the same for everybody. Each counts by its direction alone; zero vectors have none.

create or replace function coffee._taste_vector(p_user_id uuid, p_at timestamptz)
  returns extensions.vector
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select case when extensions.vector_norm(a.mean) > 0 then a.mean end
  from (
    select extensions.avg(extensions.l2_normalize(n.taste_vector)) as mean
    from (
      select r.taste_vector
      from coffee.taste_records as r
      where r.user_id = p_user_id
        and r.created_at <= p_at
        and r.taste_vector is not null
        and extensions.vector_norm(r.taste_vector) > 0
      order by r.created_at desc
      limit 100
    ) as n
  ) as a
$$;

comment on function coffee._taste_vector(uuid, timestamptz) is $$
Where a user's taste points: the mean direction of the vectors of their newest hundred taste records.
p_user_id: the user.
p_at: as of when.
Returns: a vector; null when there is none that points anywhere.
$$;
