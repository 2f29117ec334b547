-- requires: procedures/platform/period_start.sql

create or replace function platform.period_of(p_anchor timestamptz, p_months integer, p_n integer, p_zone text)
  returns tstzrange
  language sql
  stable
  parallel safe
  return tstzrange(
    platform.period_start(p_anchor, p_months, p_n, p_zone),
    platform.period_start(p_anchor, p_months, p_n + 1, p_zone),
    '[)'
  );

comment on function platform.period_of(timestamptz, integer, integer, text) is $$
Billing period p_n, from its start to the start of the next: together they cover all of time, once.
p_anchor: when period 0 begins.
p_months: length of a period, 1 or more.
p_n: number of the period, from 0.
p_zone: IANA name of the zone whose calendar counts.
Returns: tstzrange with its lower bound and without its upper one.
Errors: those of platform.period_start.
$$;
