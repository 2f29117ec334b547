-- A run that is due stays due: an edit must not lose the report that it missed.

create or replace function marketing.edit_report_schedule(p_schedule_id bigint, p_changes jsonb)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_schedule marketing.report_schedules;
  v_title    text;
  v_type     text;
  v_unknown  text;
begin
  v_schedule := marketing._lock_schedule(p_schedule_id);
  if p_changes is null then
    perform platform.fail('marketing_argument_missing', jsonb_build_object('argument', 'p_changes'));
  end if;
  select k.key into v_unknown
  from jsonb_object_keys(case when jsonb_typeof(p_changes) = 'object' then p_changes else jsonb_build_object(p_changes::text, 0) end) as k (key)
  where k.key <> all ('{title,report_type,config,compare,time_zone,at_time}')
  order by k.key
  limit 1;
  if found then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_changes', 'value', v_unknown, 'problem', 'title, report_type, config, compare, time_zone and at_time can be changed'
    ));
  end if;

  v_title := case when p_changes ? 'title' then p_changes ->> 'title' else v_schedule.title end;
  v_type := case when p_changes ? 'report_type' then p_changes ->> 'report_type' else v_schedule.report_type end;
  v_schedule.config := coalesce(nullif(p_changes -> 'config', 'null'), v_schedule.config);
  v_schedule.compare := coalesce(p_changes ->> 'compare', v_schedule.compare);
  v_schedule.time_zone := coalesce(platform.to_time_zone(p_changes ->> 'time_zone'), v_schedule.time_zone);
  -- the cast would read "now" and lose an offset
  if p_changes ->> 'at_time' !~ '^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$' then
    perform platform.fail('marketing_argument_invalid', jsonb_build_object(
      'argument', 'p_changes', 'value', p_changes ->> 'at_time', 'problem', 'at_time is a time of the day, as 06:00'
    ));
  end if;
  v_schedule.at_time := coalesce((p_changes ->> 'at_time')::time, v_schedule.at_time);
  perform marketing._check_schedule(v_title, v_type, v_schedule.at_time, v_schedule.config, v_schedule.compare);

  update marketing.report_schedules as s
  set title = v_title,
    report_type = v_type,
    config = v_schedule.config,
    compare = v_schedule.compare,
    time_zone = v_schedule.time_zone,
    at_time = v_schedule.at_time,
    next_run_at = case
      when s.next_run_at > platform.now() then
        marketing._next_report_run(v_type, v_schedule.at_time, v_schedule.time_zone, platform.now())
      else s.next_run_at
    end
  where s.id = p_schedule_id;
end;
$$;

comment on function marketing.edit_report_schedule(bigint, jsonb) is $$
Change a schedule of reports: all that is given, or nothing. Reports that were asked for stay as they are.
p_schedule_id: the schedule.
p_changes: a JSON object of new values: title, report_type, config, compare, time_zone, at_time; as in marketing.create_report_schedule.
Errors: MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing, MM005 marketing_argument_invalid,
MM131 report_config_invalid, MM135 report_schedule_not_found, MP033 unknown_time_zone.
Locks: the schedule.
$$;
