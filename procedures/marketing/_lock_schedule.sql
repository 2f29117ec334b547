-- As with reports: one of another workspace looks like one that does not exist.

create or replace function marketing._lock_schedule(p_schedule_id bigint)
  returns marketing.report_schedules
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_schedule marketing.report_schedules;
begin
  select s.* into v_schedule
  from marketing.report_schedules as s
  where s.id = p_schedule_id
    and (marketing._acting_user() is null or s.workspace_id = any (marketing._my_workspaces()))
  for no key update;
  if not found then
    if marketing._acting_user() is null and not marketing._is_operator() then
      perform platform.fail('acting_user_required');
    end if;
    perform platform.fail('report_schedule_not_found', jsonb_build_object('schedule_id', p_schedule_id));
  end if;
  perform marketing._require_role(v_schedule.workspace_id, 'user');
  return v_schedule;
end;
$$;

comment on function marketing._lock_schedule(bigint) is $$
Lock a schedule of reports for somebody who may change it.
p_schedule_id: the schedule.
Returns: its row.
Errors: MM003 acting_user_required, MM135 report_schedule_not_found; those of _require_role.
Locks: the schedule.
$$;
