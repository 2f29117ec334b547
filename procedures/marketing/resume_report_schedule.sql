create or replace function marketing.resume_report_schedule(p_schedule_id bigint)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
begin
  perform marketing._lock_schedule(p_schedule_id);
  update marketing.report_schedules as s
  set is_active = true, next_run_at = marketing._next_report_run(s.report_type, s.at_time, s.time_zone, platform.now())
  where s.id = p_schedule_id and not s.is_active;
end;
$$;

comment on function marketing.resume_report_schedule(bigint) is $$
Have a paused schedule ask for reports again, from the next time on. Calling it again changes nothing.
p_schedule_id: the schedule.
Errors: MM002 not_permitted, MM003 acting_user_required, MM135 report_schedule_not_found.
Locks: the schedule.
$$;
