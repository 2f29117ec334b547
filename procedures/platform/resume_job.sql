create or replace function platform.resume_job(p_name text)
  returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
begin
  update platform.jobs as j
  set is_paused = false, active_since = clock_timestamp()
  where j.name = p_name and j.is_paused;
  if found then
    return true;
  end if;

  if not exists (select from platform.jobs as j where j.name = p_name) then
    perform platform.fail('unknown_job', jsonb_build_object('job', p_name));
  end if;
  return false;
end;
$$;

comment on function platform.resume_job(text) is $$
Let a paused job run again, from its next scheduled minute on; what came due meanwhile is not made up for.
p_name: the job.
Returns: whether that changed anything.
Errors: MP010 unknown_job.
$$;
