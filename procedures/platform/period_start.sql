-- Always from the anchor: from the previous date, 31 January would become 28 February, 28 March, and stay there. Local time is moved, not
-- the instant, so that the session's zone has no say and a box is due at the same hour in summer and in winter. Number 0 is the anchor
-- itself, which would not come back from local time where clocks are set back and an hour is there twice.
-- Not strict, because a strict body of this form would not be inlined.

create or replace function platform.period_start(p_anchor timestamptz, p_months integer, p_n integer, p_zone text)
  returns timestamptz
  language sql
  stable
  parallel safe
  return case p_n
    when 0 then p_anchor
    else ((p_anchor at time zone p_zone) + make_interval(months => p_months * p_n)) at time zone p_zone
  end;

comment on function platform.period_start(timestamptz, integer, integer, text) is $$
When a billing period begins: the anchor's local date and time, p_months * p_n months later, or the last day of the month where that day
is missing. Monthly from 31 January: 28 or 29 February, 31 March, 30 April; yearly from 29 February: the 28th, in leap years the 29th.
A local time that the zone skips is taken an hour later (as long as it skips), one that it has twice is the second. Each start is later than
the one before. Stable, not immutable: what a zone is, is decided by governments.
p_anchor: when period 0 begins.
p_months: length of a period, 1 or more: the caller's table checks it.
p_n: number of the period, from 0; negative ones lie before the anchor.
p_zone: IANA name of the zone whose calendar counts (platform.time_zone).
Returns: timestamptz; null when an argument is null.
Errors: 22023 for a zone that the server does not know; 22003 or 22008 beyond what integers and timestamps hold.
$$;
