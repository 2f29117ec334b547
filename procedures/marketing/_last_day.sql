-- Tomorrow, and not today: clocks of platforms and servers differ. The zones are not told apart: a typo is years away or months, and what
-- is checked for a million rows should be one constant.

create or replace function marketing._last_day()
  returns date
  language sql
  stable
  set search_path = pg_catalog, pg_temp
as $$
  select (platform.now() at time zone 'UTC' + interval '14 hours')::date + 1
$$;

comment on function marketing._last_day() is $$
The last day that figures may be of: tomorrow where the day begins first (UTC+14). What is later is a typo; loads refuse it, for it would
make months and sums that nobody looks for.
Returns: the day.
$$;
