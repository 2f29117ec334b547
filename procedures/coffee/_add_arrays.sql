create or replace function coffee._add_arrays(p_left numeric[], p_right numeric[], p_times integer default 1)
  returns numeric[]
  language sql
  immutable
  parallel safe
  return (
    select coalesce(array_agg(coalesce(s.l, 0) + p_times * coalesce(s.r, 0) order by s.place), '{}')
    from unnest(p_left, p_right) with ordinality as s (l, r, place)
  );

comment on function coffee._add_arrays(numeric[], numeric[], integer) is $$
Add arrays element by element.
p_left: the one.
p_right: the other.
p_times: how often the other is added; -1 takes it off.
Returns: the sums, as many as the longer array has elements; what is missing is 0.
$$;
