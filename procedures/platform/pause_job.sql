create or replace function platform.pause_job(p_name text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update platform.jobs as j set is_paused = true where j.name = p_name and not j.is_paused;
  if found then
    return true;
  end if;

  if not exists (select from platform.jobs as j where j.name = p_name) then
    perform platform.fail('unknown_job', jsonb_build_object('job', p_name));
  end if;
  return false;
end;
$$;

comment on function platform.pause_job(text) is $$
Suspend a job's schedule, whichever driver starts it, until platform.resume_job; a deploy does not change that. A run that is at work
is not stopped, and by hand the job can still be run.
p_name: the job.
Returns: whether that changed anything.
Errors: MP010 unknown_job.
$$;
