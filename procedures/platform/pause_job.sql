create or replace function platform.pause_job(p_name text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  v_was_paused boolean;
begin
  select j.is_paused into v_was_paused from platform.jobs as j where j.name = p_name for update;
  if not found then
    perform platform.fail('unknown_job', jsonb_build_object('job', p_name));
  end if;

  update platform.jobs as j set is_paused = true where j.name = p_name and not j.is_paused;
  return not v_was_paused;
end;
$$;

comment on function platform.pause_job(text) is $$
Suspend a job's schedule, whichever driver starts it, until platform.resume_job; a deploy does not change that. A run that is at work
is not stopped, and by hand the job can still be run.
p_name: the job.
Returns: whether that changed anything.
Errors: MP010 unknown_job.
$$;
