-- Yesterday is always computed; a day that a job has missed, or that was computed before it was over, is made up for.

create or replace function coupon.refresh_daily_statistics(p_zone text default 'Asia/Seoul', p_days integer default 7)
  returns bigint
  language sql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
  select coalesce(sum(coupon.calculate_daily_statistics(d.day, p_zone)), 0)::bigint
  from generate_series(1, least(p_days, 366)) as n
  cross join lateral (select (platform.now() at time zone p_zone)::date - n as day) as d
  where n = 1
    or not exists (
      select
      from coupon.daily_statistics as s
      where s.date = d.day and s.calculated_at >= (d.day + 1)::timestamp at time zone p_zone
    )
$$;

comment on function coupon.refresh_daily_statistics(text, integer) is $$
Compute daily_statistics for yesterday, and for those of the days before that are missing or were computed before they were over; the job
coupon.refresh_daily_statistics does it every night.
p_zone: IANA name of the time zone whose days are meant.
p_days: how many days it looks back, 1 to 366; more are not looked at.
Returns: how many rows were written.
Errors: MP033 unknown_time_zone or 22023, when there is no such zone.
Source: specification 002, daily_statistics.
$$;
