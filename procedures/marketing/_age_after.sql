create or replace function marketing._age_after(p_date date, p_at timestamptz, p_time_zone text)
  returns integer
  language sql
  stable
  parallel safe
return (p_at at time zone p_time_zone)::date - p_date - case when (p_at at time zone p_time_zone)::time = '00:00' then 1 else 0 end;

comment on function marketing._age_after(date, timestamptz, text) is $$
At which age of a day something was first known: the age 0 is the midnight that ends the day, 1 the next one.
p_date: the day, of p_time_zone.
p_at: when it came to be known; null gives null.
p_time_zone: IANA name.
Returns: the first such midnight that is not before p_at, as an age; below 0 before the day was over.
$$;
