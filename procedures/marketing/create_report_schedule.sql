create or replace function marketing.create_report_schedule(
  p_workspace_id bigint,
  p_title text,
  p_report_type text,
  p_at_time time default '06:00',
  p_time_zone text default null,
  p_config jsonb default '{}',
  p_compare text default 'previous',
  p_request_key text default null
)
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog, pg_temp
  set timezone = 'UTC'
as $$
declare
  v_time_zone platform.time_zone;
  v_answer    jsonb;
begin
  perform marketing._require_role(p_workspace_id, 'user');
  v_answer := platform.claim_request('marketing.create_report_schedule', p_request_key, jsonb_build_object(
    'workspace_id', p_workspace_id, 'user_id', marketing._acting_user(), 'title', p_title, 'report_type', p_report_type,
    'at_time', p_at_time, 'time_zone', p_time_zone, 'config', p_config, 'compare', p_compare
  ));
  if v_answer is not null then
    return (v_answer ->> 'schedule_id')::bigint;
  end if;

  perform marketing._check_schedule(p_title, p_report_type, p_at_time, p_config, p_compare);
  select coalesce(platform.to_time_zone(p_time_zone), w.time_zone) into v_time_zone
  from marketing.workspaces as w
  where w.id = p_workspace_id;

  insert into marketing.report_schedules (
    workspace_id, user_id, title, report_type, config, compare, time_zone, at_time, next_run_at, created_at
  )
  values (
    p_workspace_id, marketing._acting_user(), p_title, p_report_type, coalesce(p_config, '{}'), coalesce(p_compare, 'previous'), v_time_zone,
    p_at_time, marketing._next_report_run(p_report_type, p_at_time, v_time_zone, platform.now()), platform.now()
  )
  returning jsonb_build_object('schedule_id', id) into v_answer;

  perform platform.complete_request('marketing.create_report_schedule', p_request_key, v_answer);
  return (v_answer ->> 'schedule_id')::bigint;
end;
$$;

comment on function marketing.create_report_schedule(bigint, text, text, time, text, jsonb, text, text) is $$
Have a report asked for whenever a day, a week or a month is over, from now on. What is missed is made up for: the last period only.
p_workspace_id: workspace whose figures the reports have.
p_title: their title, 1 to 255 characters.
p_report_type: daily: yesterday, every day; weekly: the week before, on Mondays; monthly: the month before, on the first.
p_at_time: local time at which that is.
p_time_zone: IANA name of the zone of p_at_time and of the days; null: the workspace's.
p_config: as in marketing.request_report.
p_compare: what they are compared with: previous, year or none.
p_request_key: names this request, 1 to 200 characters; the same request again under the same key gets the same schedule. Null: none.
Returns: the schedule's id.
Errors: MM001 workspace_not_found, MM002 not_permitted, MM003 acting_user_required, MM004 marketing_argument_missing,
MM005 marketing_argument_invalid, MM131 report_config_invalid, MP033 unknown_time_zone; of p_request_key MP051 request_key_invalid,
MP052 request_key_reused.
$$;
