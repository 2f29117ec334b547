-- Two days are always computed, because a day is not over everywhere until noon UTC of the next and records are entered late; a day
-- that a job has missed, or that was computed before it was over, is made up for.

create or replace function coffee.refresh_growth_metrics(p_days integer default 31)
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(sum(coffee.calculate_growth_metrics(d.day)), 0)::bigint
  from generate_series(1, least(p_days, 366)) as n
  cross join lateral (select (platform.now() at time zone 'UTC')::date - n as day) as d
  where n <= 2
    or not exists (select from coffee.growth_days as g where g.date = d.day)
$$;

comment on function coffee.refresh_growth_metrics(integer) is $$
Compute user_growth_metrics of yesterday and the day before, and of those days before that are missing or were computed before they were
over everywhere; the job coffee.refresh_growth_metrics does it every day.
p_days: how many days it looks back, 1 to 366; more are not looked at.
Returns: how many rows were written or deleted.
Locks: the rows of those days.
Source: specification 000, user_growth_metrics.
$$;
