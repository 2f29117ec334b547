-- Time is counted in seconds, not in days: what is left of a period must not depend on the session's zone.
-- What runs is cut and its rest kept, whether it is paid or skipped: a pause moves all that comes after it by its own length. A row of
-- periods cannot be empty, so one that has just begun keeps a microsecond, which is not taken off the rest.

create or replace function coffee._pause(p_subscription_id uuid, p_at timestamptz, p_resume_at timestamptz default null)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_row coffee.billing_periods := coffee._running_period(p_subscription_id, p_at);
  v_cut timestamptz;
begin
  v_cut := greatest(p_at, lower(v_row.period) + interval '1 microsecond');
  update coffee.billing_periods as b
  set period = tstzrange(lower(b.period), v_cut)
  where b.id = v_row.id and v_cut < upper(b.period);

  update coffee.coffee_subscriptions as s
  set status = 'paused',
    pause_at = null,
    paused_at = p_at,
    resume_at = coalesce(p_resume_at, s.resume_at),
    paused_remainder = case when v_cut < upper(v_row.period) then extract(epoch from upper(v_row.period) - p_at) * interval '1 second' end
  where s.id = p_subscription_id;
end;
$$;

comment on function coffee._pause(uuid, timestamptz, timestamptz) is $$
Pause an active subscription. The period that runs is cut; its rest is kept in paused_remainder, and goes on with coffee._resume.
p_subscription_id: the subscription, locked.
p_at: from when on.
p_resume_at: when it resumes by itself; null: as it was said before.
Locks: the running row of billing_periods.
$$;
