-- percentile_cont would compute it in floating point.

create or replace function marketing._median(p_values numeric[])
  returns numeric
  language sql
  immutable
  strict
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select (s.sorted[(cardinality(s.sorted) + 1) / 2] + s.sorted[cardinality(s.sorted) / 2 + 1]) / 2
  from (select array_agg(v.value order by v.value) as sorted from unnest(p_values) as v (value) where v.value is not null) as s;
$$;

comment on function marketing._median(numeric[]) is $$
The median, exactly.
p_values: in any order; nulls do not count.
Returns: the middle one, or the mean of the two in the middle; null when there is none.
$$;
