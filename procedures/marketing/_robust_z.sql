-- Median and median absolute deviation: a few days out of the order among those that it is compared with do not move it. Where more than
-- half of the days are alike the median deviation is 0 and says nothing about the others: then the mean deviation takes its place.
-- 0.6745 and 1.2533 make both the standard deviation's equal where figures are spread normally (Iglewicz and Hoaglin, 1993).

create or replace function marketing._robust_z(p_value numeric, p_past numeric[])
  returns table (median numeric, deviation numeric, z numeric)
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select
    m.median,
    d.deviation,
    case
      when d.deviation > 0 then round(0.6745 * (p_value - m.median) / d.deviation, 2)
      when d.mean > 0 then round((p_value - m.median) / (1.2533 * d.mean), 2)
    end
  from (select marketing._median(p_past) as median) as m
  cross join lateral (
    select marketing._median(array_agg(abs(v.value - m.median))) as deviation, avg(abs(v.value - m.median)) as mean
    from unnest(p_past) as v (value)
    where v.value is not null
  ) as d;
$$;

comment on function marketing._robust_z(numeric, numeric[]) is $$
How unusual a figure is among earlier ones.
p_value: the figure.
p_past: the earlier ones; nulls do not count.
Returns: their median, their median absolute deviation, and z: how many standard deviations the figure is away from the median, as
estimated from the median deviation or, where that is 0, from the mean deviation; null when all are alike, or there are none.
$$;
