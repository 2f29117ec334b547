-- Days before an instant are days of the calendar that the customer lives by, not those of whoever asks: across a change of the clocks they
-- are not 24 hours each.

create or replace function coffee._time_before(p_at timestamptz, p_before interval, p_time_zone text)
  returns timestamptz
  language sql
  stable
  parallel safe
  return ((p_at at time zone p_time_zone) - p_before) at time zone p_time_zone;

comment on function coffee._time_before(timestamptz, interval, text) is $$
The instant some days before another, in the calendar of a zone: cut-off or notice of a period.
p_at: the instant, as a rule where a period begins.
p_before: how long before it: plans.cutoff, plans.notice.
p_time_zone: IANA name of the zone, as a rule the subscription's.
Returns: the instant.
$$;
