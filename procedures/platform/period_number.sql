-- The difference of the local months is off by two at most: one because the start may come later in its month than the instant, one because
-- clocks that are set back may show an earlier month (St. John's, 1 November 2009, 00:01). So the starts around it decide.

create or replace function platform.period_number(p_anchor timestamptz, p_months integer, p_zone text, p_at timestamptz)
  returns integer
  language plpgsql
  stable
  parallel safe
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_anchor timestamp := p_anchor at time zone p_zone;
  v_at     timestamp := p_at at time zone p_zone;
  v_n      integer := floor(
    ((date_part('year', v_at) - date_part('year', v_anchor)) * 12 + date_part('month', v_at) - date_part('month', v_anchor)) / p_months
  );
begin
  return v_n + 1
    - (platform.period_start(p_anchor, p_months, v_n + 1, p_zone) > p_at)::integer
    - (platform.period_start(p_anchor, p_months, v_n, p_zone) > p_at)::integer
    - (platform.period_start(p_anchor, p_months, v_n - 1, p_zone) > p_at)::integer;
end;
$$;

comment on function platform.period_number(timestamptz, integer, text, timestamptz) is $$
Which billing period an instant lies in: the n for which platform.period_of(p_anchor, p_months, n, p_zone) contains p_at.
p_anchor: when period 0 begins.
p_months: length of a period, 1 or more.
p_zone: IANA name of the zone whose calendar counts.
p_at: the instant.
Returns: 0 or more from the anchor on, negative before it; null when an argument is null.
Errors: those of platform.period_start; 22012 when p_months is 0.
$$;
