create or replace function coupon._in_hours(p_windows jsonb, p_local timestamp)
  returns boolean
  language sql
  immutable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select
    from jsonb_to_recordset(p_windows) as w (days jsonb, "from" time, "to" time)
    cross join lateral (
      select case when w."from" > w."to" and p_local::time < w."to" then p_local - interval '1 day' else p_local end as day
    ) as begun
    where (w.days is null or w.days @> to_jsonb(extract(isodow from begun.day)::integer))
      and case
        when w."from" < w."to" then p_local::time >= w."from" and p_local::time < w."to"
        when w."from" > w."to" then p_local::time >= w."from" or p_local::time < w."to"
        else true
      end
  )
$$;

comment on function coupon._in_hours(jsonb, timestamp) is $$
Whether a local time lies in one of several windows.
p_windows: the windows of a rule hours: [{"days", "from", "to"}, …]; from belongs to a window, to does not.
p_local: the local time.
Returns: true or false. A window over midnight belongs to the day that it begins on.
$$;
